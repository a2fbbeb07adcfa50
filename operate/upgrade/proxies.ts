import { planMesh } from "../../mesh/upgrade.ts";
import type { MeshPlan } from "../../mesh/upgrade.ts";
import { controlPlanes } from "../cluster/controlPlanes.ts";
import { proxiesOf } from "../cluster/proxies.ts";
import type { Proxy } from "../cluster/proxies.ts";
import { restartCommand, workloadLabel, workloadOf } from "../cluster/workload.ts";
import type { Observation } from "../observation.ts";
import type { Upgrade, UpgradeCheck } from "./check.ts";
import { stayingRevision, stoppedRevision } from "./revisions.ts";

/**
 * Whether a proxy would lose its control plane, has lost it, or does not follow its namespace yet. Nothing renews the
 * certificate and the routes of a proxy without a control plane.
 *
 * @see https://learn.microsoft.com/troubleshoot/azure/azure-kubernetes/extensions/istio-add-on-minor-revision-upgrade
 */
export const proxies: UpgradeCheck = {
  name: "upgrade-proxies",
  kinds: ["Pod", "apps/Deployment"],
  judge: (upgrade, observe) => {
    const groups = new Map<
      string,
      { readonly proxy: Proxy; readonly why: string; count: number }
    >();
    const running = new Set<string>(controlPlanes(upgrade.state).map(({ revision }) => revision));
    for (const proxy of proxiesOf(upgrade.state.all("Pod"))) {
      const why = isManagedGateway(proxy) ? undefined : problemOf(proxy, upgrade, running);
      if (why === undefined) continue;
      const key = `${workloadLabel(proxy.pod)}\n${why}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, { proxy, why, count: 1 });
      else group.count += 1;
    }
    if (groups.size > 0) {
      return [...groups.values()].map(({ proxy, why, count }) => {
        const pods = count === 1 ? "1 pod runs" : `${count} pods run`;
        return observe(
          "failed",
          workloadLabel(proxy.pod),
          `${pods} a proxy of ${why}.`,
          mending(proxy, stayingRevision(upgrade)),
        );
      });
    }
    const stopped = stoppedRevision(upgrade);
    return [
      observe(
        "passed",
        "proxies",
        stopped === undefined
          ? "Every proxy has its control plane, and follows its namespace."
          : `No pod runs a proxy of ${stopped}.`,
      ),
    ];
  },
};

/**
 * Whether AKS runs the pod, with its revision in the name of its Deployment, and removes it with its revision.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#minor-revision-upgrades-with-the-ingress-gateway
 */
function isManagedGateway({ pod, kind, revision }: Proxy): boolean {
  const name = workloadOf(pod)?.name ?? "";
  const isAks = name.startsWith("aks-istio-");
  return kind === "gateway" && isAks && revision !== undefined && name.endsWith(`-${revision}`);
}

/** What is wrong with a proxy, as words that follow its revision; undefined if nothing is. */
function problemOf(
  proxy: Proxy,
  upgrade: Upgrade,
  running: ReadonlySet<string>,
): string | undefined {
  const { revision, pod } = proxy;
  const { plan, step } = upgrade;
  if (revision === undefined) return "a revision that the pod does not say";
  if (revision === stoppedRevision(upgrade)) return `${revision}, which the next step stops`;
  if (!running.has(revision)) {
    return `${revision}, which the cluster does not run`;
  }
  const { namespace = "" } = pod.metadata;
  const follows = labelIn(plan, namespace);
  // On the way back, it may never have left.
  const willFollow = step === undefined ? follows : labelIn(planMesh(step.leadsTo), namespace);
  return follows === undefined || follows === revision || willFollow === revision
    ? undefined
    : `${revision}, but the namespace follows ${follows}`;
}

function labelIn({ labels }: MeshPlan, namespace: string): string | undefined {
  return Object.hasOwn(labels, namespace) ? labels[namespace] : undefined;
}

function mending({ pod, kind }: Proxy, staying: string): Pick<Observation, "fix" | "commands"> {
  const { name, namespace = "", labels = {} } = pod.metadata;
  const workload = workloadOf(pod);
  const gateway = labels[GATEWAY_NAME_LABEL];
  if (kind === "gateway" && gateway !== undefined) {
    return {
      fix: "Let a revision that stays own the Gateway.",
      commands: [
        `kubectl label gateways.gateway.networking.k8s.io/${gateway} istio.io/rev=${staying} --overwrite --namespace ${namespace}`,
      ],
    };
  }
  if (workload === undefined) {
    return {
      fix: "No controller creates this pod again: create it anew where it came from, then delete it.",
      commands: [`kubectl delete pod/${name} --namespace ${namespace}`],
    };
  }
  const command = restartCommand(workload);
  return command === undefined
    ? { fix: `Have the ${workload.kind} create its pods anew, or wait until it ends.` }
    : {
        fix: "Restart it; if its proxies are injected manually, inject them again first.",
        commands: [command],
      };
}

/**
 * A label of the pods of a gateway of the Gateway API.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/#automated-deployment
 */
const GATEWAY_NAME_LABEL = "gateway.networking.k8s.io/gateway-name";
