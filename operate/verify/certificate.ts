import { X509Certificate } from "node:crypto";

const BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

/** The certificates in a PEM text, in its order; undefined if it has none, or one that cannot be parsed. */
export function certificatesIn(pem: string): readonly X509Certificate[] | undefined {
  try {
    const found = (pem.match(BLOCK) ?? []).map((block) => new X509Certificate(block));
    return found.length === 0 ? undefined : found;
  } catch {
    return undefined;
  }
}

/** The same, of PEM in base64, as Secrets and webhooks have it. */
export function certificatesInBase64(base64: string): readonly X509Certificate[] | undefined {
  return certificatesIn(Buffer.from(base64, "base64").toString("latin1"));
}

/** The day on which a certificate ends, `YYYY-MM-DD`. */
export function lastDay(certificate: X509Certificate): string {
  return dayOf(new Date(certificate.validTo));
}

/** Whether a certificate is valid at a moment and `days` later. The sentence is about the certificate. */
export function lifetime(
  certificate: X509Certificate,
  now: Date,
  days: number,
): { readonly outcome: "passed" | "warning" | "failed"; readonly message: string } {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (now < from) return { outcome: "failed", message: `is not valid before ${dayOf(from)}` };
  if (now > to) return { outcome: "failed", message: `ended on ${dayOf(to)}` };
  const left = Math.floor((to.getTime() - now.getTime()) / MS_OF_A_DAY);
  return left < days
    ? { outcome: "warning", message: `ends on ${dayOf(to)}, in ${left} days` }
    : { outcome: "passed", message: `is valid until ${dayOf(to)}` };
}

const MS_OF_A_DAY = 86_400_000;

/** The certificate of several that ends first. */
export function firstToEnd(certificates: readonly X509Certificate[]): X509Certificate | undefined {
  const [first] = [...certificates].sort(
    (one, other) => Date.parse(one.validTo) - Date.parse(other.validTo),
  );
  return first;
}

/** Whether a certificate is one of the roots, or signed by one of them, directly or through the chain. */
export function isSignedBy(
  certificate: X509Certificate,
  roots: readonly X509Certificate[],
  chain: readonly X509Certificate[] = [],
): boolean {
  if (roots.some((root) => root.fingerprint256 === certificate.fingerprint256)) return true;
  const issuer = [...roots, ...chain].find(
    (one) => certificate.checkIssued(one) && certificate.verify(one.publicKey),
  );
  if (issuer === undefined || issuer.fingerprint256 === certificate.fingerprint256) return false;
  return isSignedBy(issuer, roots, without(chain, issuer));
}

function without(chain: readonly X509Certificate[], used: X509Certificate) {
  return chain.filter(({ fingerprint256 }) => fingerprint256 !== used.fingerprint256);
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
