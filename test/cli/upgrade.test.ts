import { expect, test } from "vitest";
import { aksIstio } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });
const example = (name: string) => `examples/${name}.yaml`;
const upgrade = (name: string, ...more: string[]) =>
  aksIstio(["upgrade", "--config-file", example(name), ...more]);

const CANARY = `Mesh: asm-1-29 to asm-1-30, canary
  AKS runs    asm-1-29, asm-1-30
  asm-1-29    api
  asm-1-30    web
  next: set upgrade.phase to promoted, so that every namespace follows asm-1-30
    first: the workloads in web are restarted, and healthy on asm-1-30
  back: unset canary on web, to follow asm-1-29 again
`;

test("tells where an upgrade stands, with the steps on and back", async () => {
  expect(await upgrade("upgrade-canary")).toEqual({ code: 0, stdout: CANARY, stderr: "" });
});

test("tells of egress gateways, and of revisions that are left to AKS", async () => {
  const [egress, external] = await Promise.all([upgrade("egress"), upgrade("external-revisions")]);
  expect(egress.stdout).toBe(`Mesh: asm-1-30, no upgrade under way
  AKS runs    asm-1-30
  asm-1-30    egress
  asm-1-30    shop

Egress gateway partners: routed
  back: set phase to enabled, so that traffic to its hosts no longer leaves through it
`);
  expect(external.stdout).toBe(
    "Mesh: revisions are left to AKS, and namespaces follow the newest that runs.\n",
  );
});

test("accepts a legal step from what was deployed", async () => {
  const before = example("upgrade-prepared");
  expect(await upgrade("upgrade-canary", "--before", before)).toEqual({
    code: 0,
    stdout: `${CANARY}\nFrom ${before} this is a legal step.\n`,
    stderr: "",
  });
});

test("refuses an illegal one, and says the legal one", async () => {
  expect(await upgrade("upgrade-canary", "--before", example("upgrade-before"))).toEqual({
    code: 1,
    stdout: CANARY,
    stderr:
      "error: aks-istio:mesh.upgrade.phase: This change starts asm-1-30 unprepared: its shared ConfigMap has to exist first. Set upgrade.phase to prepared.\n",
  });
});

test("reports settings that cannot be used, and shows no secret", async () => {
  const directory = write("wrong", {
    "before.yaml": "config:\n  aks-istio:gitops: { httpsKey: planted }\n",
  });
  const { code, stderr } = await upgrade("upgrade-canary", "--before", `${directory}/before.yaml`);
  expect(code).toBe(2);
  expect(stderr).toContain(
    "before.yaml cannot be used:\n  aks-istio:access.administrators: missing",
  );
  expect(stderr).not.toContain("planted");
});
