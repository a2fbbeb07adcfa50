import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import { listAt, textAt } from "../cluster/clusterObject.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import { controlPlanes } from "../cluster/controlPlanes.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";
import { meshWorkloads } from "./meshPods.ts";
import type { MeshPod, MeshWorkload } from "./meshPods.ts";
import { restartOf } from "./restart.ts";
import { counted } from "../wording.ts";

const say = sayings("proxy-versions");

/** Annotation of a pod that chooses another image for its proxy. @see https://istio.io/latest/docs/reference/config/annotations/#SidecarProxyImage */
const PROXY_IMAGE = "sidecar.istio.io/proxyImage";

/**
 * Whether sidecars are of the release that their revision injects now. AKS patches istiod and the gateways by itself,
 * and sidecars keep their release until their pods are replaced.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-upgrade#patch-version-upgrade
 */
export const proxyVersions: Check = {
  name: "proxy-versions",
  kinds: [
    "Namespace",
    "Pod",
    "ConfigMap",
    "apps/Deployment",
    "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  ],
  judge({ state }) {
    const releases = new Map(
      controlPlanes(state).map(({ revision }) => [revision, injectedRelease(state, revision)]),
    );
    const unknown = [...releases].flatMap(([revision, release]) =>
      release === undefined ? [revision] : [],
    );
    const workloads = meshWorkloads(state).filter(({ pods }) =>
      pods.some(({ proxy }) => proxy !== undefined),
    );
    const stale = workloads.flatMap((workload) => judge(workload, releases) ?? []);
    return [
      ...unknown.map((revision) =>
        say.unchecked(`revision ${revision}`, {
          reason: `Neither ConfigMap ${CONTROL_PLANE_NAMESPACE}/istio-sidecar-injector-${revision} nor the image of istiod says which release it injects.`,
          fix: "Compare the images of istiod and of the sidecars yourself.",
        }),
      ),
      ...(stale.length > 0 || unknown.length > 0
        ? []
        : [
            say.passed(
              "workloads",
              `${counted(workloads.length, "workload")} with sidecars of the release that their revision injects${says(releases)}.`,
            ),
          ]),
      ...stale,
    ];
  },
};

type Releases = ReadonlyMap<string, string | undefined>;

function says(releases: Releases): string {
  const known = [...releases].map(([revision, release]) => `${revision}: ${release ?? ""}`);
  return known.length === 0 ? "" : ` (${known.join(", ")})`;
}

function judge(workload: MeshWorkload, releases: Releases): Observation | undefined {
  const { label, pods } = workload;
  const stale = pods.filter((pod) => {
    const wanted = wantedRelease(pod, releases);
    return wanted !== undefined && releaseOf(pod.proxy?.image ?? "") !== wanted;
  });
  const [first] = stale;
  if (first?.proxy === undefined) return undefined;
  const { proxy } = first;
  const { fix, commands } = restartOf(workload);
  return say.failed(
    label,
    `${stale.length} of ${counted(pods.length, "pod")} with a sidecar of ${releaseOf(proxy.image) || proxy.image}, while ${proxy.revision ?? ""} injects ${wantedRelease(first, releases) ?? ""}.`,
    `The release may fix a vulnerability. ${fix}`,
    commands,
  );
}

/** The release that the pod's own revision injects; undefined if it is not known, or the pod chooses its image. */
function wantedRelease({ pod, proxy }: MeshPod, releases: Releases): string | undefined {
  if (pod.metadata.annotations?.[PROXY_IMAGE] !== undefined) return undefined;
  return proxy?.revision === undefined ? undefined : releases.get(proxy.revision);
}

/**
 * The release that a revision injects: that of the values of its injector, or else that of istiod, which is the same.
 *
 * @see https://github.com/istio/istio/blob/master/manifests/charts/istio-control/istio-discovery/templates/istiod-injector-configmap.yaml
 */
function injectedRelease(state: ClusterState, revision: string): string | undefined {
  const injector = state
    .all("ConfigMap")
    .find(
      ({ metadata: { name, namespace } }) =>
        namespace === CONTROL_PLANE_NAMESPACE && name === `istio-sidecar-injector-${revision}`,
    );
  const values = parsed(textAt(injector, "data", "values") ?? "");
  const image = textAt(values, "global", "proxy", "image") ?? "";
  const tag = textAt(values, "global", "tag");
  if (image.includes("/")) return releaseOf(image);
  if (tag !== undefined) return releaseOf(`proxyv2:${tag}`);
  const istiod = controlPlanes(state).find((one) => one.revision === revision);
  const containers = listAt(istiod?.deployment, "spec", "template", "spec", "containers");
  const discovery = containers.find((container) => textAt(container, "name") === "discovery");
  return releaseOf(textAt(discovery, "image") ?? "") || undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The tag of an image without what only names its base: `1.30.2` of `…/proxyv2:v1.30.2-distroless`; empty if it has none. */
function releaseOf(image: string): string {
  const [, tag = ""] = /:([\w.-]+)(?:@.*)?$/.exec(image) ?? [];
  return tag.replace(/^v(?=\d)/, "").replace(/-(?:distroless|debug)$/, "");
}
