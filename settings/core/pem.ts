import type { z } from "zod";
import { lines } from "./scalars.ts";

/**
 * The value of a secret in a preview that cannot decrypt it.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/rpc.ts
 */
export const UNDECRYPTED = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Lines before, between and after blocks, which readers skip: `openssl` prints the subject of a certificate there. */
const TEXT = String.raw`(?!-----)[^\n]*`;

/** @see https://www.rfc-editor.org/rfc/rfc7468#section-3 */
const block = (label: string) =>
  String.raw`-----BEGIN ${label}-----[^\S\n]*\n(?:[A-Za-z0-9+/=]+[^\S\n]*\n)+-----END ${label}-----[^\S\n]*(?:\n${TEXT})*`;

const CERTIFICATES = String.raw`^(?:${TEXT}\n)*(?:${block("CERTIFICATE")}(?:\n|$))+$`;

/** A text that matches the pattern. A wrong one may be a private key in the wrong place, so no message shows it. */
export function unshown(rule: string, pattern: string): z.ZodString {
  const expected = new RegExp(pattern);
  return lines(rule)
    .refine((text) => text === UNDECRYPTED || expected.test(text), {
      error: rule,
      params: { hideValue: true },
    })
    .meta({ pattern });
}

/** Whether the message about an issue must not show the value. */
export function isUnshown(issue: z.core.$ZodIssue): boolean {
  return issue.code === "custom" && issue.params?.["hideValue"] === true;
}

/** One or more certificates in PEM form, in any order. */
export function certificates(what: string): z.ZodString {
  const rule = `must be ${what} in PEM form, with line breaks: -----BEGIN CERTIFICATE-----, base64 and -----END CERTIFICATE-----`;
  return unshown(rule, CERTIFICATES).meta({
    examples: [
      "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUJbY2Wm4oQ0Zc\n-----END CERTIFICATE-----\n",
    ],
  });
}

/** One private key in PEM form without a passphrase; `openssl ecparam` prints the parameters of its curve before it. */
export function privateKey(what: string, labels: readonly string[], hint = ""): z.ZodString {
  const rule = `must be ${what} in PEM form without a passphrase, with line breaks: -----BEGIN ${labels[0] ?? ""}-----, base64 and -----END ${labels[0] ?? ""}-----${hint}`;
  const key = labels.map(block).join("|");
  return unshown(rule, String.raw`^(?:${TEXT}\n)*(?:${block("EC PARAMETERS")}\n)?(?:${key})$`);
}

/** The labels of a private key for TLS. */
export const TLS_KEY = ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"];

/** The labels of a private key for SSH. */
export const SSH_KEY = ["OPENSSH PRIVATE KEY", ...TLS_KEY, "DSA PRIVATE KEY"];
