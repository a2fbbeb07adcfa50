import { expect, test } from "vitest";
import { publicParts } from "../../../operate/cluster/publicParts.ts";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const PEM = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n";
const CERTIFICATE = base64(PEM);
const KEY_PEM = "-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END EC PRIVATE KEY-----\n";
const KEY = base64(KEY_PEM);

test("of a Secret, only certificates and the names of keys remain", () => {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: "shop-tls",
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": `{"data":{"tls.key":"${KEY}"}}`,
        owner: "shop",
      },
    },
    data: {
      "tls.crt": CERTIFICATE,
      "tls.key": KEY,
      "all.pem": base64(KEY_PEM + PEM),
      password: base64("hunter2"),
    },
    stringData: { password: "hunter2" },
    type: "kubernetes.io/tls",
  };
  expect(publicParts(secret)).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "shop-tls", annotations: { owner: "shop" } },
    data: { "tls.crt": CERTIFICATE, "tls.key": "", "all.pem": CERTIFICATE, password: "" },
    type: "kubernetes.io/tls",
  });
});

test("other objects stay as they are", () => {
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c" },
    data: { a: "b" },
  };
  expect(publicParts(configMap)).toBe(configMap);
});
