import { createSign, generateKeyPairSync } from "node:crypto";

/** A certificate and its private key, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

const YEAR_MS = 365 * 86_400_000;

/**
 * A self-signed certificate for `localhost`, because the clients send tokens only over TLS. Node.js signs, but does not
 * write certificates.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function localhostCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid("1.2.840.10045.4.3.2")); // ecdsa-with-SHA256
  const name = sequence(set(sequence(oid("2.5.4.3"), der(0x0c, "localhost")))); // commonName
  const now = Date.now();
  const subjectAltName = sequence(
    oid("2.5.29.17"),
    der(0x04, sequence(der(0x82, "localhost"))), // dNSName
  );
  const basicConstraints = sequence(
    oid("2.5.29.19"),
    der(0x04, sequence(der(0x01, Buffer.from([0xff])))), // cA: true, so it can be trusted itself
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])), // serial number
    algorithm,
    name,
    sequence(time(now - YEAR_MS), time(now + YEAR_MS)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(subjectAltName, basicConstraints)),
  );
  const signature = createSign("sha256").update(body).sign(privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  return {
    certificate: pem("CERTIFICATE", certificate),
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

/** A value in DER: its tag, its length and its contents. */
function der(tag: number, ...contents: readonly (Buffer | string)[]): Buffer {
  const content = Buffer.concat(contents.map((part) => Buffer.from(part as string, "utf8")));
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function set(...parts: readonly Buffer[]): Buffer {
  return der(0x31, ...parts);
}

function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/\.\d+|[-:T]/g, "");
  return der(0x18, text); // GeneralizedTime
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([40 * first + second, ...rest.flatMap(base128)]));
}

function base128(value: number): readonly number[] {
  const low = value & 127;
  return value < 128 ? [low] : [...base128(value >> 7).map((byte) => byte | 128), low];
}

function pem(label: string, content: Buffer): string {
  const lines = content.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
