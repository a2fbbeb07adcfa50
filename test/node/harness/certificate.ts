import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A self-signed certificate for a host, in PEM. */
export function certificateFor(host: string, scratch: string): Certificate {
  const directory = mkdtempSync(join(scratch, "certificate-"));
  const [certificate, key] = ["certificate", "key"].map((name) => join(directory, name)) as [
    string,
    string,
  ];
  try {
    run("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"],
      ...["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`],
      ...["-out", certificate, "-keyout", key],
    ]);
    return {
      certificate: readFileSync(certificate, "utf8"),
      key: readFileSync(key, "utf8"),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
