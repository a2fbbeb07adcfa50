import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Files } from "../../support/programs.ts";
import { ROOT } from "./tarballs.ts";

const TSCONFIG = JSON.stringify({
  compilerOptions: {
    ...{ strict: true, noEmit: true, module: "nodenext", target: "es2022", types: ["node"] },
    skipLibCheck: true,
  },
});

/** A policy pack of somebody else, with a test of it. */
export const FOREIGN_PACK: Files = {
  "tsconfig.json": TSCONFIG,
  "PulumiPolicy.yaml": "runtime:\n  name: nodejs\n  options:\n    typescript: false\n",
  "package.json": JSON.stringify({ name: "buckets", version: "1.0.0", main: "index.js" }),
  "index.js": `const { PolicyPack } = require("@pulumi/policy");
new PolicyPack("buckets", {
  policies: [
    {
      name: "bucket-private",
      description: "A bucket is private.",
      enforcementLevel: "mandatory",
      validateResource: ({ type, props }, report) => {
        if (type === "store:index:Bucket" && props.public) report("It is public.");
      },
    },
  ],
});
`,
  "programs/buckets/Pulumi.yaml": "name: buckets\nruntime: nodejs\n",
  "programs/buckets/package.json": JSON.stringify({ main: "index.ts" }),
  "programs/buckets/index.ts": `import * as pulumi from "@pulumi/pulumi";

class Bucket extends pulumi.CustomResource {
  constructor(name: string, args: { public: boolean }) {
    super("store:index:Bucket", name, args);
  }
}
new Bucket("assets", { public: true });
new Bucket("invoices", { public: false });
`,
  // A preview starts two processes, and the limit of Vitest is 5 s.
  "vitest.config.mts": "export default { test: { testTimeout: 0 } };\n",
  "pack.test.ts": `import { previewProgram } from "pulumi-offline";
import { UsageError } from "pulumi-offline/errors";
import { expect, test } from "vitest";

test("a public bucket is reported", async () => {
  const { violations } = await previewProgram("programs/buckets", ["."]);
  expect(violations.map(({ policy, urn }) => [policy, urn?.split("::").at(-1)])).toEqual([
    ["bucket-private", "assets"],
  ]);
});

test("a directory without a pack is an error", async () => {
  await expect(previewProgram("programs/buckets", ["programs"])).rejects.toThrow(UsageError);
});
`,
};

/** The program that the README of the components shows, what else a program may say, and manifests. */
export const LIBRARY_USER: Files = {
  "manifests/shop.yaml":
    "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: { istio-injection: enabled }\n",
  "library/tsconfig.json": TSCONFIG,
  "library/Pulumi.yaml": "name: library\nruntime: nodejs\n",
  "library/index.ts": shownProgram("aks-istio-components"),
  "library/more.ts": `import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { MeshRevision } from "aks-istio-components/MeshCluster";
import { MeshNamespace } from "aks-istio-components/MeshNamespace";
import { previewProgram } from "pulumi-offline";
import { UsageError } from "pulumi-offline/errors";
import { isUnknown } from "pulumi-offline/values";

const opts = { provider: new k8s.Provider("cluster", { kubeconfig: "{}" }) };
const mesh = new pulumi.Config().require<MeshRevision>("revision", { pattern: /^asm-\\d+-\\d+$/ });
export const right = () => new MeshNamespace("right", { mesh }, opts);
// @ts-expect-error: a revision has another form.
export const wrong = () => new MeshNamespace("wrong", { mesh: "1.30" }, opts);
export const library = [previewProgram, UsageError, isUnknown];
`,
};

/** The only TypeScript in the README of a package. */
function shownProgram(name: string): string {
  const readme = readFileSync(join(ROOT, "packages", name, "README.md"), "utf8");
  const [program, ...others] = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)];
  if (program?.[1] === undefined || others.length > 0) throw new Error(`${name} shows no program`);
  return program[1];
}
