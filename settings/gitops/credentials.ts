import type { Violation } from "../core/violation.ts";
import type { Written } from "./configurations.ts";

/** The credentials of Flux for a Git repository, by the protocol of the URL. Those that come first require each other. */
const CREDENTIALS = {
  https: { together: ["httpsUser", "httpsKey"], alone: ["httpsCACertificate"] },
  ssh: { together: ["sshPrivateKey", "sshKnownHosts"], alone: [] },
} as const;

type Protocol = keyof typeof CREDENTIALS;

/** @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#git-repository-source-arguments */
export function checkCredentials({ steps, at }: Written): readonly Violation[] {
  const protocol = protocolOf(at("url"));
  const storage = ["bucket", "azureBlob"].find((key) => at(key) !== undefined);
  const has = (key: string) => at(key) !== undefined;
  const unfit = (key: string, source: string) => ({
    steps: [...steps, key],
    rule: `does not apply with ${source}; remove it`,
    hideValue: true,
  });
  return (["https", "ssh"] as const).flatMap((each): Violation[] => {
    const { together, alone } = CREDENTIALS[each];
    const all = [...together, ...alone].filter(has);
    if (protocol === undefined && storage !== undefined && at("url") === undefined) {
      return all.map((key) => unfit(key, storage));
    }
    if (protocol !== undefined && protocol !== each) {
      return all.map((key) => unfit(key, protocol === "ssh" ? "an ssh URL" : "an https URL"));
    }
    const reason = protocol === "ssh" ? "an ssh URL" : together.find(has);
    if (reason === undefined) return [];
    return together
      .filter((key) => !has(key))
      .map((key) => ({ steps: [...steps, key], rule: `is required with ${reason}` }));
  });
}

/** The intended protocol of a URL, even if the rest is wrong; `git@host:path` is how `git clone` writes ssh. */
function protocolOf(url: unknown): Protocol | undefined {
  if (typeof url !== "string") return undefined;
  if (/^https?:/i.test(url)) return "https";
  return /^(ssh:|[^/:]+@[^/:]+:[^/])/i.test(url) ? "ssh" : undefined;
}

/** @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#bucket-source-arguments */
export function checkAccessKeys({ steps, at }: Written): readonly Violation[] {
  const pair = ["accessKey", "secretKey"];
  const given = pair.filter((key) => at("bucket", key) !== undefined);
  if (given.length !== 1) return [];
  return pair
    .filter((key) => !given.includes(key))
    .map((key) => ({
      steps: [...steps, "bucket", key],
      rule: `is required with ${given.join()}`,
    }));
}

/** A password without a certificate. */
export function checkCertificatePassword({ steps, at }: Written): readonly Violation[] {
  const [certificate, password] = ["clientCertificate", "clientCertificatePassword"].map(
    (key) => at("azureBlob", "servicePrincipal", key) !== undefined,
  );
  if (password !== true || certificate === true) return [];
  return [
    {
      steps: [...steps, "azureBlob", "servicePrincipal", "clientCertificatePassword"],
      rule: "applies only with clientCertificate; remove it",
      hideValue: true,
    },
  ];
}
