import { expect, test } from "vitest";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";
import { readManifestText } from "../../../manifests/manifestText.ts";

test("two objects that would become one are said", () => {
  const egress = (name: string) => `apiVersion: policy.openservicemesh.io/v1alpha1
kind: Egress
metadata: { name: ${name}, namespace: shop }
spec:
  sources: [{ kind: ServiceAccount, name: web, namespace: shop }]
  hosts: [example.com]
  ipAddresses: [203.0.113.0/24]
  ports: [{ number: 80, protocol: http }, { number: 5432, protocol: tcp }]
`;
  const clashes = (...names: readonly string[]) => {
    const { manifests } = readManifestText(names.map(egress).join("---\n"), "a.yaml");
    return migrateOsm(manifests, { revision: "asm-1-30", out: "out" })
      .entries.filter(({ message }) => message.startsWith("Several new objects"))
      .map(({ subject, fate }) => [subject, fate]);
  };
  expect(clashes("a", "b")).toEqual([]);
  // The addresses of the one have the name of the other.
  expect(clashes("a", "a-addresses")).toEqual([["ServiceEntry shop/a-addresses", "untranslated"]]);
});
