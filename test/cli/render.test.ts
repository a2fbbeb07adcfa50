import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { javascript, policyPack, scratch } from "../support/programs.ts";

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
  const notJudged = `Not judged  1
    Release istiod (index.js:13)
        A preview does not fetch the chart istiod.
        Fix: Download it with \`helm pull --untar\`, and use its path.
`;
  const notes =
    notJudged +
    "kubernetes:helm.sh/v3:Release istiod was left out: only its provider can expand it.\n" +
    "ConfigMap settings: data.id is known only after deployment.\n";
  const all = ["render", directory, "--stack", "all", "--out", out];

  expect(await aksIstio(all)).toEqual({
    code: 2,
    stdout: "",
    stderr: `${notJudged}Nothing was written, because these objects cannot be applied:
  ConfigMap settings: data.id is known only after deployment.
Set their names and values in the program, or pass --allow-incomplete to write them anyway.
`,
  });
  expect(existsSync(out)).toBe(false);

  expect(await aksIstio([...all, "--allow-incomplete"])).toEqual({
    code: 0,
    stdout: `3 objects written to ${out}\n`,
    stderr: notes,
  });
  expect(readdirSync(out).sort()).toEqual([
    ".aks-istio-render.json",
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
  expect(
    await aksIstio(["render", directory, "-s", "few", "-o", out, "--allow-incomplete"]),
  ).toEqual({
    code: 0,
    stdout: `2 objects written to ${out}\n`,
    stderr: notes,
  });
  expect(readdirSync(out).sort()).toEqual([
    ".aks-istio-render.json",
    "1-namespace-shop.yaml",
    "2-configmap-shop-settings.yaml",
    "kustomization.yaml",
    "notes.txt",
  ]);
});

test("a patch, and what a pack remediates and forbids", async () => {
  const source = `
const provider = new pulumi.ProviderResource("kubernetes", "cluster", {});
const forbidden = new pulumi.Config().getBoolean("forbidden");
new Resource("kubernetes:core/v1:Namespace", "shop", { apiVersion: "v1", kind: "Namespace",
  metadata: { name: "shop", labels: { "istio-injection": "yes", ...(forbidden && { team: "off" }) } } }, { provider });
new Resource("kubernetes:core/v1:ServicePatch", "gateway", { apiVersion: "v1", kind: "Service",
  metadata: { name: "gateway", namespace: "aks-istio-ingress", annotations: { internal: "yes" } } }, { provider });
`;
  const directory = write("patched", {
    ...javascript("patched", source),
    "Pulumi.dev.yaml": "config: {}\n",
    "Pulumi.bad.yaml": "config: { patched:forbidden: true }\n",
  });
  const pack = write(
    "labels",
    policyPack(
      "labels",
      `{ name: "no-injection-label", description: "d", enforcementLevel: "remediate",
         remediateResource: ({ props }) => {
           if (props.kind !== "Namespace") return undefined;
           const { "istio-injection": _, ...labels } = props.metadata.labels;
           return { ...props, metadata: { ...props.metadata, labels } };
         } },
       { name: "no-team", description: "d", enforcementLevel: "mandatory",
         validateResource: ({ props }, report) => { if (props.metadata?.labels?.team) report("team"); } },`,
    ),
  );
  const out = join(directory, "out");
  const run = (stack: string) =>
    aksIstio(["render", directory, "-s", stack, "--policy-pack", pack, "--out", out]);

  expect(await run("bad")).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "Nothing was written, because mandatory policies are violated: no-team. Run aks-istio preview to see the violations.\n",
  });
  expect(existsSync(out)).toBe(false);

  expect(await run("dev")).toEqual({
    code: 0,
    stdout: `1 object written to ${out}
1 patch for objects that already exist in the cluster; apply afterwards: kubectl apply --server-side --field-manager=aks-istio --force-conflicts -k ${out}/patches
`,
    stderr: "shop was changed by no-injection-label before writing.\n",
  });
  expect(readFileSync(join(out, "1-namespace-shop.yaml"), "utf8")).toBe(
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  labels: {}\n  name: shop\n",
  );
  expect(
    readFileSync(join(out, "patches/2-service-aks-istio-ingress-gateway.yaml"), "utf8"),
  ).toContain('internal: "yes"\n');
});

test("prints warnings and coverage gaps, with the assumption for an unknown value", async () => {
  const source = `
const provider = new pulumi.ProviderResource("kubernetes", "cluster", {});
const { tenantId } = pulumi.runtime.invokeOutput("azure-native:authorization:getClientConfig", {});
pulumi.log.warn("tenants differ");
new Resource("kubernetes:core/v1:ConfigMap", "tenant", { apiVersion: "v1", kind: "ConfigMap",
  metadata: { name: "tenant", namespace: "shop" }, data: { tenantId } }, { provider });
`;
  const directory = write("tenant", {
    ...javascript("tenant", source),
    "Pulumi.dev.yaml": "config: {}\n",
    "answers.yaml":
      "invokes: { azure-native:authorization:getClientConfig: [{ returns: { tenantId: t } }] }\n",
  });
  const out = join(directory, "out");
  const { code, stderr } = await aksIstio(["render", directory, "--out", out]);
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: `Messages
    warning: tenants differ

Not judged  1
    azure-native:authorization:getClientConfig (1 call)
        No provider runs offline, so the result is unknown.
        Fix: Provide the result with --assume FILE, under invokes.
Nothing was written, because these objects cannot be applied:
  ConfigMap tenant: data.tenantId is known only after deployment.
Values from these calls become known if you answer them with --assume FILE (see docs/assumptions.md):
  invokes:
    azure-native:authorization:getClientConfig:
      - returns: { … }
Set their names and values in the program, or pass --allow-incomplete to write them anyway.
`,
  });
  const answers = join(directory, "answers.yaml");
  expect((await aksIstio(["render", directory, "--out", out, "--assume", answers])).code).toBe(0);
  expect(readFileSync(join(out, "1-configmap-shop-tenant.yaml"), "utf8")).toContain(
    "tenantId: t\n",
  );
});
