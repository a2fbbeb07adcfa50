import { describe, expect, test } from "vitest";
import {
  isCalledSecret,
  looksHarmless,
  looksSecret,
} from "../../../../policy/model/kubernetes/secretWords.ts";

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
    "TOKENIZERS_PARALLELISM",
    "POSTGRES_PASSWORD_FILE",
    "TOKEN_AUDIENCE",
    "PASSWORD_MIN_LENGTH",
    "AZURE_TOKEN_CREDENTIALS",
    "DEFAULT_IMAGE_PULL_SECRET",
    "PROVIDER_CREDENTIAL_CONTROLLER",
  ])("do not have names like %s", (name) => {
    expect(isCalledSecret(name)).toBe(false);
  });

  test.each([
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc=",
    "Endpoint=sb://a/;SharedAccessKey=abc",
    "Server=a;Password=hunter2;",
    "postgres://app:hunter2@db.shop:5432/orders",
    "redis://:hunter2@cache",
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
    "https://a.example.com:8443/b",
    "postgres://app@db.shop:5432/orders",
    "postgres://$(USER):$(PASSWORD)@db.shop/orders",
    "Server=a;Password=$(PASSWORD);",
  ])("do not look like %s", (text) => {
    expect(looksSecret(text)).toBe(false);
  });

  test.each([
    ["TOKEN", ""],
    ["DB_PASSWORD", "-"],
    ["USE_SECRET", "true"],
    ["MAX_TOKENS", "4096"],
    ["TOKEN_REFRESH", "30m"],
    ["JWT_SECRET", "/run/secrets/jwt"],
    ["TOKEN_SERVER", "https://login.example.com/token"],
    ["DB_PASSWORD", "$(SHARED_PASSWORD)"],
    ["DB_PASSWORD", "vault:secret/data/db#password"],
  ])("%s may be %j", (name, text) => {
    expect(looksHarmless(name, text)).toBe(true);
  });

  test.each([
    ["TOKEN", "abc"],
    ["DB_PASSWORD", "123456"],
    ["DB_PASS", "123456"],
    ["API_KEY", "truely"],
    ["TOKEN", "https://user:pass@example.com"],
    ["JWT_SECRET", "$(PREFIX)-abc"],
  ])("%s may not be %j", (name, text) => {
    expect(looksHarmless(name, text)).toBe(false);
  });
});
