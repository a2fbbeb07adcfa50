import { listAt, textAt, valueAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import { proxyOf } from "../cluster/proxies.ts";
import type { ClusterState } from "../cluster/clusterState.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import { certificatesInBase64, firstToEnd, lifetime } from "./certificate.ts";
import type { Check } from "./check.ts";
import { ISTIO_GATEWAY_CLASS } from "./gatewayApi.ts";
import type { ObservedMesh } from "./observedMesh.ts";
import { listed } from "../wording.ts";

const say = sayings("gateway-certificates");

/**
 * Whether the certificates that gateways serve exist and last.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-secure-gateway
 */
export const gatewayCertificates: Check = {
  name: "gateway-certificates",
  kinds: ["Secret", "Pod", "networking.istio.io/Gateway", "gateway.networking.k8s.io/Gateway"],
  judge(mesh) {
    const { state } = mesh;
    const uses = [
      ...state.all("networking.istio.io/Gateway").flatMap((gateway) => istioUses(gateway, state)),
      ...state.all("gateway.networking.k8s.io/Gateway").flatMap(standardUses),
    ];
    const secrets = [...new Set(uses.map(({ secret }) => secret))].sort();
    if (secrets.length === 0) return [say.passed("gateways", "None serves a certificate.")];
    return secrets.map((secret) =>
      judge(
        mesh,
        secret,
        uses.filter((use) => use.secret === secret).map(({ gateway }) => gateway),
      ),
    );
  },
};

/** A Secret, `namespace/name`, and a gateway that serves its certificate. */
interface Use {
  readonly secret: string;
  readonly gateway: string;
}

/**
 * The Secret is in the namespace of the pods that the Gateway selects.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings
 */
function istioUses(gateway: ClusterObject, state: ClusterState): readonly Use[] {
  const names = listAt(gateway, "spec", "servers").flatMap((server) => {
    const one = textAt(server, "tls", "credentialName");
    const more = listAt(server, "tls", "credentialNames");
    return [...(one === undefined ? [] : [one]), ...more].map(String);
  });
  const selector = Object.entries(valueAt(gateway, "spec", "selector") ?? {});
  const pods = state
    .all("Pod")
    .filter(
      (pod) =>
        proxyOf(pod)?.kind === "gateway" &&
        selector.every(([label, value]) => pod.metadata.labels?.[label] === value),
    );
  const namespaces = new Set(pods.map(({ metadata }) => metadata.namespace ?? ""));
  return [...namespaces].flatMap((namespace) =>
    names.map((name) => ({ secret: `${namespace}/${name}`, gateway: nameOf(gateway) })),
  );
}

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#secretobjectreference */
function standardUses(gateway: ClusterObject): readonly Use[] {
  if (textAt(gateway, "spec", "gatewayClassName") !== ISTIO_GATEWAY_CLASS) return [];
  return listAt(gateway, "spec", "listeners")
    .flatMap((listener) => listAt(listener, "tls", "certificateRefs"))
    .filter((reference) => (textAt(reference, "kind") ?? "Secret") === "Secret")
    .map((reference) => {
      const namespace = textAt(reference, "namespace") ?? gateway.metadata.namespace ?? "";
      return {
        secret: `${namespace}/${textAt(reference, "name") ?? ""}`,
        gateway: nameOf(gateway),
      };
    });
}

function judge(
  { state, now, certificateDays }: ObservedMesh,
  name: string,
  gateways: readonly string[],
): Observation {
  const subject = `Secret ${name}`;
  const users = `gateway${gateways.length === 1 ? "" : "s"} ${listed([...new Set(gateways)])}`;
  const secret = state
    .all("Secret")
    .find(({ metadata }) => `${metadata.namespace ?? ""}/${metadata.name}` === name);
  if (secret === undefined) {
    return say.failed(
      subject,
      `It does not exist, so the ${users} cannot serve TLS.`,
      "Create it in this namespace. With a certificate in Key Vault, look at the pod that mounts it.",
      [`kubectl get secretproviderclasspodstatuses --namespace ${name.split("/")[0] ?? ""}`],
    );
  }
  const certificates = certificateOf(secret);
  const first = firstToEnd(certificates ?? []);
  if (first === undefined) {
    return say.failed(
      subject,
      `It has no certificate in tls.crt, so the ${users} cannot serve TLS.`,
      "Put a certificate with its chain into tls.crt, in PEM.",
    );
  }
  const { outcome, message } = lifetime(first, now, certificateDays);
  const says = `The certificate of the ${users} ${message}.`;
  return outcome === "passed"
    ? say.passed(subject, says)
    : say[outcome](subject, says, "Renew it where it is issued.");
}

/** Istio also reads the keys `cert` and `key` of a generic Secret. */
function certificateOf(secret: ClusterObject) {
  return certificatesInBase64(
    textAt(secret, "data", "tls.crt") ?? textAt(secret, "data", "cert") ?? "",
  );
}

function nameOf({ metadata: { name, namespace = "" } }: ClusterObject): string {
  return `${namespace}/${name}`;
}
