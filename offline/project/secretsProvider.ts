import { createDecipheriv, pbkdf2Sync } from "node:crypto";
import { readFileSync } from "node:fs";
import { UsageError, messageOf } from "../errors.ts";

/**
 * Decrypts a `secure:` value; undefined if its key is not available.
 *
 * @throws if it is damaged
 */
export type Decrypt = (ciphertext: string) => string | undefined;

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const TAG_BYTES = 16;

/**
 * Decrypts secrets of the passphrase provider with PULUMI_CONFIG_PASSPHRASE or the file that
 * PULUMI_CONFIG_PASSPHRASE_FILE names. Secrets of other providers (a key vault, Pulumi Cloud) stay encrypted, because
 * their keys are not on this machine.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/secrets/#passphrase
 */
export function passphraseDecrypter(
  salt: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Decrypt {
  const passphrase = passphraseOf(environment);
  const [version, saltBytes = "", ...check] = salt?.split(":") ?? [];
  if (passphrase === undefined || version !== "v1") return () => undefined;

  let key: Buffer | undefined;
  const decrypt = (ciphertext: string) => {
    // Deriving the key takes about half a second, so it is done only for stacks with secrets.
    key ??= pbkdf2Sync(
      passphrase,
      Buffer.from(saltBytes, "base64"),
      ITERATIONS,
      KEY_BYTES,
      "sha256",
    );
    return open(ciphertext, key);
  };
  return (ciphertext) => {
    try {
      return decrypt(ciphertext);
    } catch (error) {
      requirePassphrase(decrypt, check.join(":"));
      throw error;
    }
  };
}

/** The salt includes a check value that only the right passphrase decrypts. */
function requirePassphrase(decrypt: (ciphertext: string) => string, check: string): void {
  try {
    decrypt(check);
  } catch {
    throw new UsageError(
      "PULUMI_CONFIG_PASSPHRASE is not the passphrase of this stack. Set the correct one, or unset it to preview with unknown secrets.",
    );
  }
}

function passphraseOf(
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const file = environment["PULUMI_CONFIG_PASSPHRASE_FILE"];
  if (environment["PULUMI_CONFIG_PASSPHRASE"] !== undefined) {
    return environment["PULUMI_CONFIG_PASSPHRASE"];
  }
  if (file === undefined || file === "") return undefined;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new UsageError(`PULUMI_CONFIG_PASSPHRASE_FILE cannot be read: ${messageOf(error)}`);
  }
}

/** `v1:<nonce>:<ciphertext and tag>`, AES-256-GCM. Errors are worded as in Pulumi. */
function open(ciphertext: string, key: Buffer): string {
  const [version = "", nonce = "", sealed = "", ...more] = ciphertext.split(":");
  const bytes = Buffer.from(sealed, "base64");
  if (version !== "v1" || bytes.length < TAG_BYTES || more.length > 0) throw new Error("bad value");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8");
    return text + decipher.final("utf8");
  } catch {
    throw new Error("cipher: message authentication failed");
  }
}
