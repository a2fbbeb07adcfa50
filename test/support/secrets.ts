import { createCipheriv, pbkdf2Sync } from "node:crypto";

// Created by Pulumi itself: the state of its passphrase provider for the passphrase below.
export const PASSPHRASE = "password";
export const CHECK = "v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";
export const SALT = `v1:fozI5u6B030=:${CHECK}`;

let key: Buffer | undefined;

/** A secret as Pulumi's passphrase provider writes it with this salt. */
export function encrypted(plain: string): string {
  key ??= pbkdf2Sync(PASSPHRASE, Buffer.from("fozI5u6B030=", "base64"), 1_000_000, 32, "sha256");
  const nonce = Buffer.from("0123456789ab", "utf8");
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}
