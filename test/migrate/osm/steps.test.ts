import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { readManifestText } from "../../../manifests/manifestText.ts";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";

const policy = `apiVersion: access.smi-spec.io/v1alpha3
kind: TrafficTarget
metadata: { name: a, namespace: shop }
spec: { destination: { kind: ServiceAccount, name: server, namespace: shop } }
`;
const deployment = (name: string, account: string) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${JSON.stringify(name)}, namespace: shop }
spec: { template: { spec: { serviceAccountName: ${account} } } }
`;

function commandsOf(text: string, out: string): readonly string[] {
  const { manifests } = readManifestText(text, "a.yaml");
  const { steps } = migrateOsm(manifests, { revision: "asm-1-30", out });
  return steps.flatMap(({ commands }) => commands);
}

const CLIENT = "kubectl rollout restart deployment/client -n shop";

test("a shell reads the names in commands as one word", () => {
  const commands = commandsOf([policy, deployment("a$(id)", "client")].join("---\n"), "my out;ls");
  expect(commands).toContain("npx aks-istio check 'my out;ls'");
  expect(commands).toContain(`for folder in 'my out;ls'/*/; do kubectl apply -k "$folder"; done`);
  expect(commands).toContain("kubectl rollout restart 'deployment/a$(id)' -n shop");
});

test("the destinations of TrafficTargets restart first", () => {
  const rule = policy.replace("shop } }", "shop }, rules: [{ kind: TCPRoute, name: a }] }");
  const text = [rule, deployment("client", "client"), deployment("api", "server")].join("---\n");
  const restarts = commandsOf(text, "out").filter((one) => one.includes("rollout"));
  expect(restarts).toEqual(["kubectl rollout restart deployment/api -n shop", CLIENT]);
});

test("the kinds that the cluster knows are saved, as kubectl gets nothing with others", () => {
  const save = commandsOf(policy, "out").find((one) => one.endsWith("> osm-backup.yaml")) ?? "";
  const crds = [
    "retries.policy.openservicemesh.io",
    "a.openservicemesh.io.example",
    "b.smi-spec.io",
  ];
  const kubectl = `kubectl() { if [ "$2" = crd ]; then printf 'customresourcedefinition/%s\\n' ${crds.join(" ")}; else echo "$2"; fi; }`;
  const printed = execFileSync(
    "sh",
    [
      "-c",
      `${kubectl}
${save.replace("> osm-backup.yaml", "")}`,
    ],
    {
      encoding: "utf8",
    },
  );
  expect(printed).toBe("retries.policy.openservicemesh.io,b.smi-spec.io\n");
});
