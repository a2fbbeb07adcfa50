import { describe, expect, test } from "vitest";
import { meshManagedObjectsUntouched } from "../../../../policy/rules/mesh/mesh-managed-objects-untouched.ts";
import { UNKNOWN, cluster, kubernetes, namespace, object } from "../../../support/fixtures.ts";
import type { Fixture, Props } from "../../../support/fixtures.ts";
import { run } from "../../../support/policy.ts";

const mesh = cluster();
const provider = kubernetes(mesh);
const SYSTEM = "aks-istio-system";
const INGRESS = "aks-istio-ingress";
const GATEWAY = "aks-istio-ingressgateway-external";

async function messages(stack: readonly Fixture[]) {
  return (await run(meshManagedObjectsUntouched, stack)).map(({ level, message }) => [
    level,
    message,
  ]);
}

async function texts(...objects: Fixture[]) {
  return (await messages([mesh, provider, ...objects])).map(([, text]) => text);
}

function at(
  namespaceName: unknown,
  version: string,
  kind: string,
  name: unknown,
  props: Props = {},
  annotations?: unknown,
): Fixture {
  const metadata = { name, namespace: namespaceName, annotations };
  return object(provider, version, kind, { metadata, ...props });
}

const patchOf = (kind: string, props: Props, annotations?: unknown) =>
  at(
    INGRESS,
    kind === "Deployment" ? "apps/v1" : "core/v1",
    `${kind}Patch`,
    GATEWAY,
    props,
    annotations,
  );
const autoscaler = (namespaceName: string, name: string, spec: unknown, kind = "Patch") =>
  at(namespaceName, "autoscaling/v2", `HorizontalPodAutoscaler${kind}`, name, { spec });

describe("mesh-managed-objects-untouched", () => {
  describe("the namespaces", () => {
    test.each([SYSTEM, INGRESS])("reports %s", async (name) => {
      expect(await messages([mesh, provider, namespace(provider, {}, name)])).toEqual([
        [
          "violation",
          `Namespace "${name}": AKS creates the namespace ${name} with the add-on. Remove it from the program.`,
        ],
      ]);
    });

    test("ignores others, and patches", async () => {
      const patch = object(provider, "core/v1", "NamespacePatch", { metadata: { name: SYSTEM } });
      const egress = namespace(provider, {}, "aks-istio-egress");
      expect(await texts(patch, egress, namespace(provider))).toEqual([]);
    });
  });

  describe("aks-istio-system", () => {
    test.each([
      ["apps/v1", "Deployment", "istiod"],
      ["apps/v1", "DeploymentPatch", "istiod-asm-1-30"],
      ["core/v1", "Secret", "cacerts"],
      ["core/v1", "ServicePatch", "istiod-asm-1-30"],
      ["policy/v1", "PodDisruptionBudget", "istiod"],
      ["autoscaling/v2", "HorizontalPodAutoscaler", "istiod-asm-1-30"],
      ["core/v1", "ConfigMapPatch", "istio-asm-1-30"],
      ["core/v1", "ConfigMap", "istio-sidecar-injector-asm-1-30"],
      ["core/v1", "ConfigMap", "istio-ca-root-cert"],
      ["core/v1", "ConfigMap", "istio-namespace-controller-election"],
      ["apps/v1", "DaemonSetPatch", "azure-service-mesh-istio-cni-addon-node"],
    ])("reports %s %s", async (version, kind, name) => {
      expect(await texts(at(SYSTEM, version, kind, name))).toEqual([
        `${kind} "${name}": AKS manages objects named ${name} in aks-istio-system and reverts changes to them. Remove the ${kind} from the program, or give it another name.`,
      ]);
    });

    test.each<[string, Props]>([
      ["istio-shared-config-asm-1-30", {}],
      ["notes", { data: { mesh: "accessLogFile: /dev/stdout" } }],
    ])("reports MeshConfig in the ConfigMap %s", async (name, props) => {
      expect(await texts(at(SYSTEM, "core/v1", "ConfigMap", name, props))).toEqual([
        `ConfigMap "${name}": no control plane reads MeshConfig from ${name}. Set it in istio-shared-configmap-<revision>.`,
      ]);
    });

    // Microsoft's own examples put them there.
    test.each([
      ["core/v1", "ConfigMap", "grafana"],
      ["core/v1", "ConfigMap", "istio-grafana-dashboards"],
      ["core/v1", "ConfigMap", "prometheus"],
      ["core/v1", "Service", "kiali"],
      ["apps/v1", "Deployment", "prometheus"],
      ["apps/v1", "Deployment", "istio-dashboard"],
      ["core/v1", "Pod", "istiodx"],
      ["core/v1", "Secret", "kiali"],
    ])("ignores %s %s %s next to the control plane", async (version, kind, name) => {
      expect(await texts(at(SYSTEM, version, kind, name))).toEqual([]);
    });

    test("reports the declaration of a ConfigMap that AKS creates", async () => {
      const name = "istio-gateway-class-defaults";
      expect(await texts(at(SYSTEM, "core/v1", "ConfigMap", name))).toEqual([
        `ConfigMap "${name}": AKS creates the ConfigMap ${name}. Change it with a ConfigMapPatch.`,
      ]);
      expect(await texts(at(SYSTEM, "core/v1", "ConfigMapPatch", name))).toEqual([]);
    });

    test("reports an autoscaler of istiod with one replica", async () => {
      const istiod = (spec: unknown) => texts(autoscaler(SYSTEM, "istiod-asm-1-30", spec));
      expect(await istiod({ minReplicas: 1 })).toHaveLength(1);
      expect(await istiod({ minReplicas: 2 })).toEqual([]);
    });

    test.each<[string, Fixture]>([
      ["MeshConfig", at(SYSTEM, "core/v1", "ConfigMap", "istio-shared-configmap-asm-1-30")],
      ["policies of the mesh", at(SYSTEM, "security.istio.io/v1", "PeerAuthentication", "default")],
      ["telemetry of the mesh", at(SYSTEM, "telemetry.istio.io/v1", "Telemetry", "default")],
      ["monitors", at(SYSTEM, "azmonitoring.coreos.com/v1", "PodMonitor", "envoy-stats")],
      ["a ConfigMap with an unknown name", at(SYSTEM, "core/v1", "ConfigMap", UNKNOWN)],
    ])("ignores: %s", async (_, fixture) => {
      expect(await texts(fixture)).toEqual([]);
    });
  });

  describe("aks-istio-ingress", () => {
    test.each([
      ["core/v1", "Service", GATEWAY],
      ["apps/v1", "Deployment", `${GATEWAY}-asm-1-30`],
      ["apps/v1", "DaemonSetPatch", "aks-istio-ingressgateway-internal"],
      ["policy/v1", "PodDisruptionBudgetPatch", GATEWAY],
      ["autoscaling/v2", "HorizontalPodAutoscaler", `${GATEWAY}-asm-1-30`],
    ])("reports names that AKS uses: %s %s", async (version, kind, name) => {
      expect(await texts(at(INGRESS, version, kind, name))).toEqual([
        `${kind} "${name}": AKS manages objects named ${name} in aks-istio-ingress and reverts changes to them. Remove the ${kind} from the program, or give it another name.`,
      ]);
    });

    test.each<[string, Fixture]>([
      ["secrets for TLS", at(INGRESS, "core/v1", "Secret", "shop-tls")],
      ["routes", at(INGRESS, "networking.istio.io/v1", "Gateway", "shop")],
      ["a gateway of the Gateway API", at(INGRESS, "core/v1", "ServicePatch", "shop-istio")],
    ])("ignores: %s", async (_, fixture) => {
      expect(await texts(fixture)).toEqual([]);
    });

    test("allows workloads next to the gateways, but not with their names", async () => {
      const deployment = (name: string) => at(INGRESS, "apps/v1", "Deployment", name);
      expect(await texts(deployment("shop-certificates"))).toEqual([]);
      expect(await texts(deployment(`${GATEWAY}s`))).toEqual([]);
      expect(await texts(deployment(`${GATEWAY}-certificates`))).toHaveLength(1);
    });

    test("accepts annotations that AKS keeps, and Pulumi's own", async () => {
      const annotations = {
        "service.beta.kubernetes.io/azure-pip-name": "shop",
        "service.beta.kubernetes.io/azure-load-balancer-resource-group": UNKNOWN,
        "pulumi.com/patchForce": "true",
      };
      const spec = { externalTrafficPolicy: "Local" };
      expect(await texts(patchOf("Service", { spec }, annotations))).toEqual([]);
      expect(await texts(patchOf("Service", {}))).toEqual([]);
    });

    test.each([
      [
        { "service.beta.kubernetes.io/azure-pip-nam": "shop" },
        'metadata.annotations["service.beta.kubernetes.io/azure-pip-nam"]: AKS removes this annotation from the gateway\'s Service; did you mean service.beta.kubernetes.io/azure-pip-name?',
      ],
      [
        { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" },
        'metadata.annotations["service.beta.kubernetes.io/azure-load-balancer-internal"]: applies only to the Internal gateway; remove it.',
      ],
      [
        { team: UNKNOWN },
        "metadata.annotations.team: AKS removes this annotation from the gateway's Service; remove it.",
      ],
      [
        { "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "ingress" },
        'metadata.annotations["service.beta.kubernetes.io/azure-load-balancer-internal-subnet"]: does not apply to an external gateway; remove it.',
      ],
    ])("reports the annotations %j", async (annotations, said) => {
      expect(await texts(patchOf("Service", {}, annotations))).toEqual([
        `ServicePatch "${GATEWAY}": ${said}`,
      ]);
    });

    test("distinguishes the internal gateway from the external one", async () => {
      const annotations = { "service.beta.kubernetes.io/azure-pip-name": "shop" };
      const internal = "aks-istio-ingressgateway-internal";
      expect(
        await texts(at(INGRESS, "core/v1", "ServicePatch", internal, {}, annotations)),
      ).toHaveLength(1);
    });

    test("reports fields of a Service that AKS resets", async () => {
      const spec = { externalTrafficPolicy: "Local", ports: [{ port: 5432 }], type: "ClusterIP" };
      expect(await texts(patchOf("Service", { spec }))).toEqual([
        `ServicePatch "${GATEWAY}": AKS reverts changes to spec.ports, and keeps only those to spec.externalTrafficPolicy. Remove it from the patch.`,
        `ServicePatch "${GATEWAY}": AKS reverts changes to spec.type, and keeps only those to spec.externalTrafficPolicy. Remove it from the patch.`,
      ]);
    });

    test("allows a change of a Deployment's grace period, and of nothing else", async () => {
      const pod = (spec: unknown) => texts(patchOf("Deployment", { spec: { template: { spec } } }));
      expect(await pod({ terminationGracePeriodSeconds: 120 })).toEqual([]);
      expect(await pod({ terminationGracePeriodSeconds: 120, nodeName: "a" })).toEqual([
        `DeploymentPatch "${GATEWAY}": AKS reverts changes to spec.template.spec.nodeName, and keeps only those to spec.template.spec.terminationGracePeriodSeconds. Remove it from the patch.`,
      ]);
      expect(await pod("odd")).toHaveLength(1);
      expect(await texts(patchOf("Deployment", { spec: { replicas: 3 } }))).toHaveLength(1);
    });

    test.each([
      [1, 1],
      [0, 1],
      ["many", 1],
      [2, 0],
      [10, 0],
      [UNKNOWN, 0],
      [undefined, 0],
    ])("judges %s replicas", async (minReplicas, count) => {
      expect(
        await texts(autoscaler(INGRESS, `${GATEWAY}-asm-1-30`, { minReplicas, maxReplicas: 12 })),
      ).toHaveLength(count);
    });

    test("includes the valid number of replicas", async () => {
      expect(await texts(autoscaler(INGRESS, GATEWAY, { minReplicas: 1 }))).toEqual([
        `HorizontalPodAutoscalerPatch "${GATEWAY}": spec.minReplicas is 1, but AKS requires at least 2 because of its disruption budget. Set it to 2 or more.`,
      ]);
    });
  });

  test.each<[string, Fixture]>([
    ["another namespace", at("shop", "apps/v1", "Deployment", GATEWAY)],
    ["an unknown namespace", at(UNKNOWN, "apps/v1", "Deployment", GATEWAY)],
    ["no namespace", at(undefined, "apps/v1", "Deployment", GATEWAY)],
    ["an unknown name", at(SYSTEM, "apps/v1", "Deployment", UNKNOWN)],
    ["unknown annotations", patchOf("Service", {}, UNKNOWN)],
    ["an unknown spec", patchOf("Service", { spec: UNKNOWN })],
  ])("ignores: %s", async (_, fixture) => {
    expect(await texts(fixture)).toEqual([]);
  });

  test("ignores a cluster without the add-on, and an ambiguous one", async () => {
    for (const serviceMeshProfile of [undefined, { mode: "Disabled" }, UNKNOWN]) {
      const other = cluster({ serviceMeshProfile });
      const on = kubernetes(other);
      expect(await messages([other, on, namespace(on, {}, SYSTEM)])).toEqual([]);
    }
  });
});
