import { describe, expect, test } from "vitest";
import { isCalledSecret, looksSecret } from "../../../../policy/model/kubernetes/secretWords.ts";

describe("secrets", () => {
  test.each([
    "DB_PASSWORD",
    "dbPasswd",
    "passphrase",
    "client_secret",
    "github_token",
    "apiKey",
    "api-key",
    "storage_account_key",
    "privateKey",
    "connectionString",
    "credentials",
  ])("have names like %s", (name) => {
    expect(isCalledSecret(name)).toBe(true);
  });

  test.each([
    "mesh_revision",
    "region",
    "secret_name",
    "secretRef",
    "key_vault_name",
    "token_issuer_url",
    "token_ttl",
    "secret_store",
    "monkey",
    "public_key",
  ])("do not have names like %s", (name) => {
    expect(isCalledSecret(name)).toBe(false);
  });

  test.each([
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc=",
    "Endpoint=sb://a/;SharedAccessKey=abc",
    "Server=a;Password=hunter2;",
    `ghp_${"a".repeat(36)}`,
    `eyJ${"a".repeat(20)}.eyJ${"b".repeat(20)}.c`,
    `https://a.blob.core.windows.net/b?sv=1&sig=${"a".repeat(40)}`,
  ])("look like %s", (text) => {
    expect(looksSecret(text)).toBe(true);
  });

  test.each([
    "",
    "asm-1-30",
    "-----BEGIN CERTIFICATE-----",
    "AccountKey=",
    "eyJ",
    "https://a?sig=1",
  ])("do not look like %s", (text) => {
    expect(looksSecret(text)).toBe(false);
  });
});
