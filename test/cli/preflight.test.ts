import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Arm, TOKEN } from "../support/arm/arm.ts";
import { PRINCIPAL, SUBSCRIPTION, usage } from "../support/arm/world.ts";
import { aksIstio } from "../support/command.ts";
import { scratch } from "../support/programs.ts";

const write = scratch({ packages: false });

const STACK = `config:
  azure-native:location: westeurope
  aks-istio:cluster:
    kubernetesVersion: "1.35"
    apiServer: { authorizedIPRanges: [] }
    userPools: { apps: { maxCount: 4 } }
  aks-istio:mesh: { revision: asm-1-30 }
  aks-istio:access: { administrators: [${PRINCIPAL}] }
`;

const ACCOUNTS = { resourceType: "accounts", locations: ["West Europe"] };

let arm: Arm;
let file: string;

beforeEach(async () => {
  arm = await Arm.start();
  file = join(write("stack", { "Pulumi.shop.yaml": STACK }), "Pulumi.shop.yaml");
});

afterEach(() => arm.stop());

const preflight = (...more: readonly string[]) =>
  aksIstio(["preflight", "--config-file", file, ...more], arm.environment);

test("signs in with a managed identity, and asks Azure about the stack", async () => {
  const { code, stdout, stderr } = await preflight("--output", "json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const report = JSON.parse(stdout) as {
    readonly subject: string;
    readonly exitCode: number;
    readonly observations: readonly { readonly check: string; readonly outcome: string }[];
  };
  expect(report).toMatchObject({ subject: "stack shop in westeurope", exitCode: 0 });
  expect(new Set(report.observations.map(({ outcome }) => outcome))).toEqual(new Set(["passed"]));
  const services = report.observations.filter(({ check }) => check === "resource-providers");
  // With observability, which is on by default.
  expect(services).toHaveLength(9);
});

test("exits with 1 and what would mend it", async () => {
  arm.world.usages = [
    usage("cores", "Total Regional vCPUs", 0, 350),
    usage("standardDDSv5Family", "Standard DDSv5 Family vCPUs", 105, 140),
  ];
  const { code, stdout, stderr } = await preflight();
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const lines = stdout.split("\n");
  // The system pool has 5 nodes at its maximum, and the pool for workloads 4.
  expect(lines.slice(-5, -3)).toEqual([
    "FAILED     quota               Standard DDSv5 Family vCPUs in westeurope: The pools need 36 at their maximum, but 35 of 140 are free.",
    "           Request 1 more on the page Quotas of the Azure portal, or lower maxCount.",
  ]);
  expect(lines.at(-2)).toBe("23 passed, 1 failed");
});

test("exits with 2 if something could not be read, and shows no token", async () => {
  arm.refuse({ on: /usages/, status: 403, code: "AuthorizationFailed", message: "No." });
  const { code, stdout, stderr } = await preflight();
  expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
  expect(stdout).toContain(
    "unchecked  quota               vCPUs in westeurope: Azure does not let you read the quota of westeurope.",
  );
  expect(stdout).not.toContain(TOKEN);
});

test("--fix asks nobody in a pipeline, but registers with --yes", async () => {
  const monitor = { registrationState: "NotRegistered", resourceTypes: [ACCOUNTS] };
  arm.world.providers["Microsoft.Monitor"] = monitor;
  expect(await preflight("--fix")).toEqual({
    code: 2,
    stdout: "",
    stderr: "--fix asks before it registers. Where nobody can answer, add --yes.\n",
  });
  expect(monitor.registrationState).toBe("NotRegistered");
  const { code, stdout, stderr } = await preflight("--fix", "--yes");
  expect(stderr).toBe("Waiting for Microsoft.Monitor.\nMicrosoft.Monitor is registered.\n");
  expect({ code, state: monitor.registrationState }).toEqual({ code: 0, state: "Registered" });
  expect(stdout).toMatch(/resource-providers +Microsoft\.Monitor: It is registered\./);
});

test.each([
  [["--yes"], "--yes is about --fix. Pass --fix, too.\n"],
  [["--timeout", "10m"], "--timeout is about --fix. Pass --fix, too.\n"],
  [["--fix", "--timeout", "600"], "It must be a duration, such as 10m, 90s or 1h30m.\n"],
])("%j is refused", async (args, message) => {
  const { code, stdout, stderr } = await preflight(...args);
  expect(stderr).toContain(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test("uses the only subscription if none is named, and else asks for one", async () => {
  const environment = { ...arm.environment, ARM_SUBSCRIPTION_ID: "" };
  const run = () => aksIstio(["preflight", "--config-file", file], environment);
  expect((await run()).code).toBe(0);
  const other = SUBSCRIPTION.replaceAll("1", "9");
  arm.world.subscriptions.push({ subscriptionId: other, displayName: "Two", state: "Enabled" });
  expect(await run()).toEqual({
    code: 2,
    stdout: "",
    stderr: `The identity that is signed in has 2 subscriptions: ${SUBSCRIPTION} (Shop), ${other} (Two). Name one with --subscription, azure-native:subscriptionId or ARM_SUBSCRIPTION_ID.\n`,
  });
});

test("says that nobody is signed in", async () => {
  const { code, stdout, stderr } = await aksIstio(["preflight", "--config-file", file], {
    AZURE_TOKEN_CREDENTIALS: "EnvironmentCredential",
    ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
  });
  expect({ code, stdout, stderr }).toEqual({
    code: 2,
    stdout: "",
    stderr:
      "Nobody is signed in to Azure. Run az login; in a pipeline, use azure/login, a workload identity, or AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.\n",
  });
});

test("looks for another Istio in files of the cluster", async () => {
  const folder = write("files", {
    "objects.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: sidecars.networking.istio.io }
spec: { group: networking.istio.io }
`,
  });
  const { code, stdout } = await preflight(
    ...["--from", join(folder, "objects.yaml"), "--complete"],
  );
  expect({ code, lines: stdout.split("\n").slice(-6, -3) }).toEqual({
    code: 1,
    lines: [
      "FAILED     leftovers           definitions of Istio: The cluster has 1 of another Istio: sidecars.networking.istio.io. The add-on installs its own.",
      "           Back up their objects, which are deleted with them, uninstall the other Istio, and delete them.",
      "           $ kubectl delete crd sidecars.networking.istio.io",
    ],
  });
});

test("names the check that a misspelt --skip meant", async () => {
  expect(await preflight("--skip", "quotas")).toEqual({
    code: 2,
    stdout: "",
    stderr: '"quotas" is not a check; did you mean quota?\n',
  });
  expect(arm.asked).toEqual([]);
});
