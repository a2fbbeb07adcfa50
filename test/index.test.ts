import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { REVISION_LABEL } from "../mesh/names.ts";
import type { MeshRevision } from "../mesh/revision.ts";
import { revisionsFor } from "../mesh/support.ts";
import { planMesh } from "../mesh/upgrade.ts";
import type { MeshState } from "../mesh/upgrade.ts";
import { ANSWERS } from "./support/gateways.ts";
import type { Recorder } from "./support/mocks.ts";
import { madeBy } from "./support/program.ts";
import { parsed } from "./support/settings.ts";
import type { Config } from "./support/settings.ts";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const FLUX = "azure-native:kubernetesconfiguration:FluxConfiguration";

const { config: DEV } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: Config };

/** The dev stack with another mesh: two namespaces in it and one outside, each with a sample. */
function stack(mesh: object, canary = true): Config {
  return {
    ...DEV,
    "aks-istio:mesh": { meshConfig: { accessLogEncoding: "JSON" }, ...mesh },
    "aks-istio:namespaces": { web: { canary }, api: {}, batch: { mesh: false } },
    "aks-istio:workloads": {
      front: { namespace: "web" },
      back: { namespace: "api" },
      job: { namespace: "batch" },
    },
  };
}

/** Every resource of the program in the cloud and the cluster, by identity, with its inputs by path. */
function resources(engine: Recorder): Map<string, Map<string, string>> {
  return new Map(
    engine.registered
      .filter(({ custom }) => custom)
      .map(({ type, name, inputs }) => [`${type} ${name}`, leaves(inputs)]),
  );
}

function leaves(value: unknown, path = ""): Map<string, string> {
  if (typeof value !== "object" || value === null || isListOfTexts(value)) {
    return new Map([[path, JSON.stringify(value)]]);
  }
  const below = (key: string) => (path === "" ? key : `${path}.${key}`);
  return new Map(Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, below(key))]));
}

function isListOfTexts(value: object): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

/** The differences between two runs of the program, line by line. */
function changes(before: Recorder, after: Recorder): string[] {
  const [was, will] = [resources(before), resources(after)];
  return [...new Set([...was.keys(), ...will.keys()])].sort().flatMap((identity) => {
    const [old, now] = [was.get(identity), will.get(identity)];
    if (old === undefined) return [`+ ${identity}`];
    if (now === undefined) return [`- ${identity}`];
    return [...new Set([...old.keys(), ...now.keys()])]
      .filter((path) => old.get(path) !== now.get(path))
      .map((path) => `${identity} ${path}: ${old.get(path) ?? ""} -> ${now.get(path) ?? ""}`);
  });
}

describe("a canary upgrade changes only what the table says:", () => {
  const during = (phase: string) =>
    stack({ revision: "asm-1-29", upgrade: { to: "asm-1-30", phase } });
  const course = [
    stack({ revision: "asm-1-29" }),
    ...["prepared", "canary", "promoted"].map(during),
    stack({ revision: "asm-1-30" }),
  ];

  const configMap = (revision: string) => `kubernetes:core/v1:ConfigMap mesh-${revision}`;
  const revisions = (before: string, after: string) =>
    `${CLUSTER} mesh serviceMeshProfile.istio.revisions: ${before} -> ${after}`;
  const [OLD, BOTH, NEW] = ['["asm-1-29"]', '["asm-1-29","asm-1-30"]', '["asm-1-30"]'];
  const moved = (namespace: string, sample: string) => [
    ...["backend", "frontend"].map(
      (service) =>
        `${DEPLOYMENT} ${sample}-${service} spec.template.metadata.annotations.mesh-revision: "asm-1-29" -> "asm-1-30"`,
    ),
    `${NAMESPACE} ${namespace} metadata.labels.istio.io/rev: "asm-1-29" -> "asm-1-30"`,
  ];
  const flux = ["apps", "infra-configs", "infra-controllers"].map(
    (step) =>
      `${FLUX} gitops kustomizations.${step}.postBuild.substitute.mesh_revision: "asm-1-29" -> "asm-1-30"`,
  );

  const expected = [
    [`+ ${configMap("asm-1-30")}`],
    [revisions(OLD, BOTH), ...moved("web", "front")],
    [...flux, ...moved("api", "back")],
    [revisions(BOTH, NEW), `- ${configMap("asm-1-29")}`],
  ];

  test("none, prepared, canary, promoted, none", async () => {
    const made: Recorder[] = [];
    for (const config of course) made.push(await madeBy(config));
    const between = made.slice(1).map((after, index) => changes(made[index] ?? after, after));
    expect(between.map((lines) => lines.sort())).toEqual(expected.map((lines) => lines.sort()));
  });
});

/** The one revision that everything follows. */
function followed(engine: Recorder): string[] {
  const values = [...resources(engine)].flatMap(([, inputs]) =>
    [...inputs].flatMap(([path, value]) =>
      /(istio\.io\/rev|mesh-revision|mesh_revision)$/.test(path)
        ? [JSON.parse(value) as string]
        : [],
    ),
  );
  return [...new Set(values)].filter((value) => value !== "outside").sort();
}

describe("revisions that AKS manages", () => {
  const external = stack({ management: "external", meshConfig: undefined }, false);
  const running = (revisions: readonly string[]) =>
    madeBy(external, {
      outputs: {
        [CLUSTER]: {
          name: "mesh5678",
          serviceMeshProfile: { mode: "Istio", istio: { revisions } },
        },
      },
    });

  test("are not sent to ARM, and have no ConfigMap", async () => {
    const engine = await running(["asm-1-30"]);
    expect(engine.one(CLUSTER, "mesh").inputs["serviceMeshProfile"]).not.toHaveProperty(
      "istio.revisions",
    );
    expect(engine.registered.filter(({ type }) => type.endsWith(":ConfigMap"))).toEqual([]);
  });

  test("are followed by everything, the newest if two run", async () => {
    const engine = await running(["asm-1-10", "asm-1-9"]);
    expect(followed(engine)).toEqual(["asm-1-10"]);
    expect(engine.one(NAMESPACE, "web").inputs).toMatchObject({
      metadata: { labels: { [REVISION_LABEL]: "asm-1-10" } },
    });
  });
});

test("no sidecar is created before the mesh is configured, neither the program's nor Flux's", async () => {
  const engine = await madeBy(stack({ revision: "asm-1-30" }));
  const configured = engine.registered.filter(
    ({ custom, urn }) => custom && urn.includes("aks-istio:index:MeshConfiguration$"),
  );
  expect(configured.map(({ name }) => name).sort()).toEqual([
    "mesh-access-logs",
    "mesh-asm-1-30",
    "mesh-mtls",
  ]);
  const urns = configured.map(({ urn }) => urn);
  const extension = "azure-native:kubernetesconfiguration:Extension";
  const namespace = engine.one(NAMESPACE, "web");
  for (const { dependencies } of [namespace, engine.one(extension, "gitops-extension")]) {
    expect(dependencies).toEqual(expect.arrayContaining(urns));
  }
  expect(engine.one(DEPLOYMENT, "front-backend").dependencies).toContain(namespace.urn);
});

test("a configuration of Flux waits for its namespace, which AKS would create without the label", async () => {
  const config = parse(readFileSync("examples/teams.yaml", "utf8")) as { config: Config };
  const engine = await madeBy(config.config);
  const { dependencies, inputs } = engine.one(FLUX, "gitops-orders");
  expect(inputs["namespace"]).toBe("orders");
  expect(dependencies).toContain(engine.one(NAMESPACE, "orders").urn);
});

describe("over any history of upgrades", () => {
  // These runs use whole programs; test/mesh checks plans alone many more times.
  const FEW = 3;

  const KUBERNETES = { kubernetesVersion: "1.35", plan: "KubernetesOfficial" } as const;
  const REVISIONS = revisionsFor(KUBERNETES).map(({ revision }) => revision);

  type Step = "next" | "back" | { readonly to: MeshRevision } | { readonly canary: boolean };
  const anyHistory = fc.record({
    start: fc.constantFrom(...REVISIONS),
    steps: fc.array(
      fc.oneof(
        fc.constantFrom<Step[]>("next", "next", "back"),
        fc.record({ to: fc.constantFrom(...REVISIONS) }),
        fc.record({ canary: fc.boolean() }),
      ),
      { minLength: 2, maxLength: 6 },
    ),
  });

  function configOf({ settings, namespaces }: MeshState): Config {
    return stack(settings, namespaces["web"]?.canary);
  }

  /** The state that a step leads to; the same state if the settings refuse it. */
  function taken(state: MeshState, step: Step): MeshState {
    if (step === "next" || step === "back") return planMesh(state)[step]?.leadsTo ?? state;
    if ("canary" in step) return { ...state, namespaces: namespaces(step.canary) };
    if (state.settings.upgrade !== undefined) return state;
    const upgrade = { to: step.to, phase: "prepared" } as const;
    const begun = { ...state, settings: { ...state.settings, upgrade } };
    return "settings" in parsed(configOf(begun)) ? begun : state;
  }

  function namespaces(canary: boolean): MeshState["namespaces"] {
    return { web: { canary }, api: { canary: false } };
  }

  /** The states of a history, each once. */
  function course(start: MeshRevision, steps: readonly Step[]): MeshState[] {
    let state: MeshState = { settings: { revision: start }, namespaces: namespaces(true) };
    const states = [state];
    for (const step of steps) {
      state = taken(state, step);
      states.push(state);
    }
    return [...new Map(states.map((each) => [JSON.stringify(each), each])).values()];
  }

  test("nothing follows a revision that ARM does not run", async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async ({ start, steps }) => {
        for (const state of course(start, steps)) {
          const engine = await madeBy(configOf(state));
          const { serviceMeshProfile } = engine.one(CLUSTER, "mesh").inputs;
          const { istio } = serviceMeshProfile as { istio: { revisions: string[] } };
          expect(istio.revisions).toEqual(planMesh(state).revisions);
          expect(followed(engine)).not.toEqual([]);
          for (const revision of followed(engine)) expect(istio.revisions).toContain(revision);
        }
      }),
      { numRuns: FEW },
    );
  });

  test("the plan does not depend on the order of the settings", async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async ({ start, steps }) => {
        const config = configOf(course(start, steps).at(-1) ?? never());
        const turned = reversed(config) as Config;
        expect(JSON.stringify(turned)).not.toBe(JSON.stringify(config));
        expect(changes(await madeBy(config), await madeBy(turned))).toEqual([]);
      }),
      { numRuns: FEW },
    );
  });

  function reversed(value: unknown): unknown {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, inner]) => [key, reversed(inner)] as const)
        .reverse(),
    );
  }

  function never(): never {
    throw new Error("A course has a state.");
  }
});

describe("Defender writes", () => {
  const AUDIT =
    "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/security/providers/Microsoft.OperationalInsights/workspaces/security";
  const defended = async (more: object) => {
    const cluster = { ...(DEV["aks-istio:cluster"] as object), defender: true, ...more };
    const engine = await madeBy({ ...DEV, "aks-istio:cluster": cluster });
    const workspace = engine.one("azure-native:operationalinsights:Workspace", "logs").inputs;
    const { securityProfile } = engine.one(CLUSTER, "mesh").inputs;
    return { workspace, defender: (securityProfile as { defender: unknown }).defender };
  };
  const to = (id: string) => ({
    securityMonitoring: { enabled: true },
    logAnalyticsWorkspaceResourceId: id,
  });

  test("to the stack's own workspace, which then allows keys", async () => {
    const { workspace, defender } = await defended({});
    expect(defender).toEqual(to("logs-id"));
    expect(workspace).toHaveProperty("features.disableLocalAuth", false);
  });

  test("to the organization's if configured, while the stack's own allows no keys", async () => {
    const { workspace, defender } = await defended({ logAnalyticsWorkspaceId: AUDIT });
    expect(defender).toEqual(to(AUDIT));
    expect(workspace).toHaveProperty("features.disableLocalAuth", true);
  });
});

describe("every pool, of the system, a workload or an egress gateway,", () => {
  const { config: EGRESS } = parse(readFileSync("examples/egress.yaml", "utf8")) as {
    config: Config;
  };
  const pools = async (upgradeChannel: string) => {
    const cluster = { ...(EGRESS["aks-istio:cluster"] as object), autoUpgrade: { upgradeChannel } };
    const engine = await madeBy({ ...EGRESS, "aks-istio:cluster": cluster }, ANSWERS);
    const made = engine.registered.filter(
      ({ type }) => type === CLUSTER || type === "azure-native:containerservice:AgentPool",
    );
    return Object.fromEntries(
      made.map(({ name, ignoreChanges, timeouts }) => [name, [...ignoreChanges, timeouts.update]]),
    );
  };

  test.each(["stable", "rapid"])("is not downgraded after %s upgrades it", async (channel) => {
    expect(await pools(channel)).toEqual({
      mesh: [
        "agentPoolProfiles[0].count",
        "kubernetesVersion",
        "agentPoolProfiles[0].orchestratorVersion",
        "6h",
      ],
      "mesh-apps": ["count", "orchestratorVersion", "6h"],
      // Each address needs one node: the program sets the node count.
      partners: ["orchestratorVersion", "6h"],
    });
  });

  test("has the program's version if only patches are automatic", async () => {
    expect(await pools("patch")).toEqual({
      mesh: ["agentPoolProfiles[0].count", "6h"],
      "mesh-apps": ["count", "6h"],
      partners: ["6h"],
    });
  });
});

test("the phase vault creates the vault for the CA, and nothing else", async () => {
  const { config } = parse(readFileSync("examples/plug-in-ca.yaml", "utf8")) as { config: Config };
  const certificates = { ...(config["aks-istio:certificates"] as object), phase: "vault" };
  const engine = await madeBy({ ...config, "aks-istio:certificates": certificates });
  const identities = engine.identities();
  expect(identities).toEqual([
    "aks-istio:index:MeshCertificates$azure-native:keyvault:Vault::mesh-ca",
    "aks-istio:index:MeshCertificates$azure-native:resources:ResourceGroup::mesh-ca-group",
    "aks-istio:index:MeshCertificates::mesh-ca",
  ]);
  // The next deployment continues with the same settings.
  expect((await madeBy(config, ANSWERS)).identities()).toEqual(expect.arrayContaining(identities));
});

test("resources that Azure and AKS create asynchronously are waited for", async () => {
  const { config } = parse(readFileSync("examples/production.yaml", "utf8")) as { config: Config };
  const egress = {
    staticEgress: true,
    egress: { partners: { phase: "prepared", namespace: "shop" } },
  };
  const namespaces = { shop: {} };
  const gateways = { ...(config["aks-istio:gateways"] as object), ...egress };
  const engine = await madeBy(
    { ...config, "aks-istio:gateways": gateways, "aks-istio:namespaces": namespaces },
    ANSWERS,
  );
  const waiting = engine.registered
    .filter(({ onError }) => onError.length > 0)
    .map(({ type, name, onError }) => `${type.split(":").at(-1) ?? ""} ${name}: ${onError.join()}`);
  expect(waiting.sort()).toEqual([
    "ConfigMap mesh-asm-1-30: add-ons of MeshConfiguration mesh",
    "Deployment external-certificates: add-ons of IngressGateway external",
    "Gateway external: add-ons of IngressGateway external",
    "HorizontalPodAutoscalerPatch external-asm-1-30: add-ons of IngressGateway external",
    "ManagedCluster mesh: roles of mesh",
    "PeerAuthentication mesh-mtls: add-ons of MeshConfiguration mesh",
    "PodMonitor observability-envoy-stats: add-ons of MeshObservability observability",
    "SecretProviderClass external: add-ons of IngressGateway external",
    "ServiceMonitor observability-istiod: add-ons of MeshObservability observability",
    "ServicePatch external: add-ons of IngressGateway external",
    "StaticGatewayConfiguration partners: add-ons of EgressGateway partners",
    "Telemetry mesh-access-logs: add-ons of MeshConfiguration mesh",
    "VirtualService external-shop.example.com: add-ons of IngressGateway external",
  ]);
});

test("a first preview shows the same Kubernetes objects", async () => {
  const objects = (engine: Recorder) =>
    [...resources(engine)].filter(([identity]) => identity.startsWith("kubernetes:")).sort();
  const later = objects(await madeBy(DEV));
  expect(later).not.toEqual([]);
  expect(objects(await madeBy(DEV, { preview: true }))).toEqual(later);
});
