import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { passphraseDecrypter } from "../../../offline/project/secretsProvider.ts";
import { scratch, usageErrorOf } from "../../support/programs.ts";
import { CHECK, PASSPHRASE, SALT, encrypted } from "../../support/secrets.ts";

const write = scratch();

const RIGHT = { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE };

describe("with the passphrase", () => {
  const decrypt = passphraseDecrypter(SALT, RIGHT);

  test("a value encrypted by Pulumi is decrypted", () => {
    expect(decrypt(CHECK)).toBe("pulumi");
  });

  test.each(["hunter2 ü €", '{"user":"u"}', ""])("%j is unchanged after a round trip", (plain) => {
    expect(decrypt(encrypted(plain))).toBe(plain);
  });

  test.each([
    ["", "bad value"],
    ["v1", "bad value"],
    [CHECK.replace("v1", "v2"), "bad value"],
    [`${CHECK}:`, "bad value"],
    ["v1:AAAA:AAAA", "bad value"],
    [`${CHECK.slice(0, -6)}AAAA==`, "cipher: message authentication failed"],
    [CHECK.replace(":", ":A"), "cipher: message authentication failed"],
  ])("%j, which is damaged, is an error: %s", (ciphertext, message) => {
    expect(() => decrypt(ciphertext)).toThrow(new Error(message));
  });
});

test("the passphrase may be in a file that ends with a line end", () => {
  const file = join(write("passphrase", { passphrase: "password\n" }), "passphrase");
  expect(passphraseDecrypter(SALT, { PULUMI_CONFIG_PASSPHRASE_FILE: file })(CHECK)).toBe("pulumi");
});

test("the passphrase itself has priority over a file", () => {
  const both = { ...RIGHT, PULUMI_CONFIG_PASSPHRASE_FILE: "/no/such/file" };
  expect(passphraseDecrypter(SALT, both)(CHECK)).toBe("pulumi");
});

test("an unreadable file is an error", async () => {
  const environment = { PULUMI_CONFIG_PASSPHRASE_FILE: "/no/such/file" };
  expect(await usageErrorOf(() => passphraseDecrypter(SALT, environment))).toBe(
    "PULUMI_CONFIG_PASSPHRASE_FILE cannot be read: ENOENT: no such file or directory, open '/no/such/file'",
  );
});

test("a wrong passphrase is an error, and an empty one is valid", async () => {
  const decrypt = passphraseDecrypter(SALT, { PULUMI_CONFIG_PASSPHRASE: "" });
  expect(await usageErrorOf(() => decrypt(CHECK))).toBe(
    "PULUMI_CONFIG_PASSPHRASE is not the passphrase of this stack. Set the correct one, or unset it to preview with unknown secrets.",
  );
});

test.each([
  ["no passphrase", SALT, {}],
  ["an empty file name", SALT, { PULUMI_CONFIG_PASSPHRASE_FILE: "" }],
  ["no salt, as with any other provider", undefined, RIGHT],
  ["a salt of another version", `v2${SALT.slice(2)}`, RIGHT],
])("with %s, secrets stay encrypted", (_, salt, environment) => {
  expect(passphraseDecrypter(salt, environment)(CHECK)).toBeUndefined();
});
