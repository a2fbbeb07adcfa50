import { unknownCheckingProxy } from "@pulumi/policy";
import { expect, test } from "vitest";
import { Unknown } from "../../../../policy/engine/cursor.ts";
import { resourceOf } from "../../../../policy/engine/resource.ts";
import { madeSecrets } from "../../../../policy/model/kubernetes/tlsSecrets.ts";
import { UNKNOWN } from "../../../support/fixtures.ts";

// The SDK exports it, but does not declare it.
const proxied = unknownCheckingProxy as (props: object) => object;

const metadata = { name: "shop-tls" };

test.each<[string, object, unknown[]]>([
  ["core/v1:Secret", { metadata }, ["shop-tls"]],
  ["core/v1:Secret", { metadata: { name: UNKNOWN } }, ["unknown: metadata.name"]],
  ["core/v1:Secret", {}, [undefined]],
  ["core/v1:ConfigMap", { metadata }, []],
  ["cert-manager.io/v1:Certificate", { metadata, spec: { secretName: "other" } }, ["other"]],
  ["external-secrets.io/v1:ExternalSecret", { metadata, spec: {} }, ["shop-tls"]],
  [
    "external-secrets.io/v1:ExternalSecret",
    { metadata, spec: { target: { name: "other" } } },
    ["other"],
  ],
  [
    "external-secrets.io/v1:ExternalSecret",
    { metadata, spec: { target: { name: UNKNOWN } } },
    ["unknown: spec.target.name"],
  ],
  [
    "secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
    { metadata, spec: { secretObjects: [{ secretName: "a" }, { secretName: "b" }] } },
    ["a", "b"],
  ],
  ["secrets-store.csi.x-k8s.io/v1:SecretProviderClass", { metadata, spec: {} }, []],
  [
    "secrets-store.csi.x-k8s.io/v1:SecretProviderClass",
    { metadata, spec: { secretObjects: UNKNOWN } },
    ["unknown: spec.secretObjects"],
  ],
])("a %s of %j creates %j", (token, props, expected) => {
  const made = { type: `kubernetes:${token}`, urn: "urn", name: "tls", props: proxied(props) };
  expect(
    madeSecrets
      .in(resourceOf(made))
      .map(({ secretName }) =>
        secretName instanceof Unknown ? `unknown: ${secretName.path}` : secretName,
      ),
  ).toEqual(expected);
});
