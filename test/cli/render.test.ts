import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { javascript, scratch } from "../support/programs.ts";

const write = scratch();

test("a program's objects are written in the order of their dependencies, and replaced by a second run", async () => {
  const source = `
const provider = new pulumi.ProviderResource("kubernetes", "cluster", {});
const object = (kind, name, inputs, opts) =>
  new Resource("kubernetes:core/v1:" + kind, name, { apiVersion: "v1", kind, ...inputs }, { provider, ...opts });
const shop = object("Namespace", "shop", { metadata: { name: "shop" } });
const config = object("ConfigMap", "settings", { metadata: { name: "settings", namespace: "shop" }, data: { id: shop.id } }, { dependsOn: shop });
if (new pulumi.Config().getBoolean("all"))
  object("Account", "early", { metadata: { name: "a", namespace: "shop" } }, { dependsOn: config });
new Resource("kubernetes:helm.sh/v3:Release", "istiod", { chart: "istiod" }, { provider });
`;
  const directory = write("shop", {
    ...javascript("shop", source),
    "Pulumi.all.yaml": "config: { shop:all: true }\n",
    "Pulumi.few.yaml": "config: {}\n",
  });
  const out = join(directory, "manifests");
  const notes =
    "kubernetes:helm.sh/v3:Release istiod is left out: only its provider can expand it.\n" +
    "ConfigMap settings: data.id is known only after a deployment.\n";

  expect(await aksIstio(["render", directory, "--stack", "all", "--out", out])).toEqual({
    code: 0,
    stdout: `3 objects written to ${out}\n`,
    stderr: notes,
  });
  expect(readdirSync(out).sort()).toEqual([
    "1-namespace-shop.yaml",
    "2-configmap-shop-settings.yaml",
    "3-account-shop-a.yaml",
    "kustomization.yaml",
  ]);
  expect(readFileSync(join(out, "2-configmap-shop-settings.yaml"), "utf8")).toBe(
    `apiVersion: v1
data:
  id: "[unknown]"
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
`,
  );

  writeFileSync(join(out, "notes.txt"), "mine");
  expect(await aksIstio(["render", directory, "-s", "few", "-o", out])).toEqual({
    code: 0,
    stdout: `2 objects written to ${out}\n`,
    stderr: notes,
  });
  expect(readdirSync(out).sort()).toEqual([
    "1-namespace-shop.yaml",
    "2-configmap-shop-settings.yaml",
    "kustomization.yaml",
    "notes.txt",
  ]);
});
