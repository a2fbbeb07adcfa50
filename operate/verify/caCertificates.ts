import type { X509Certificate } from "node:crypto";
import { CONTROL_PLANE_NAMESPACE } from "../../mesh/names.ts";
import { labelOf, textAt } from "../cluster/clusterObject.ts";
import type { ClusterObject } from "../cluster/clusterObject.ts";
import type { Observation } from "../observation.ts";
import { sayings } from "../sayings.ts";
import { certificatesInBase64, firstToEnd, isSignedBy, lifetime } from "./certificate.ts";
import type { Check } from "./check.ts";
import {
  ROOT_CONFIG_MAP,
  meshRoots,
  rootConfigMaps,
  rootsIn,
  sameCertificates,
} from "./meshRoot.ts";
import type { ObservedMesh } from "./observedMesh.ts";
import { someOf } from "../wording.ts";

const say = sayings("ca-certificates");

/**
 * The Secrets with a CA of istiod: its own, and a plug-in CA.
 *
 * @see https://github.com/istio/istio/blob/master/security/pkg/pki/ca/ca.go
 * @see https://learn.microsoft.com/azure/aks/istio-plugin-ca
 */
const CA_SECRETS: readonly string[] = ["istio-ca-secret", "cacerts"];

const ROTATION = "Rotate the root: https://learn.microsoft.com/azure/aks/istio-plugin-ca";

/** Whether the CA of the mesh lasts, is signed by the root that proxies trust, and is the same in every namespace. */
export const caCertificates: Check = {
  name: "ca-certificates",
  kinds: ["ConfigMap"],
  also: ["Secret"],
  judge: (mesh) => [...roots(mesh), ...secrets(mesh)],
};

function roots({ state, now, certificateDays }: ObservedMesh): readonly Observation[] {
  const published = meshRoots(state);
  const subject = `ConfigMap ${CONTROL_PLANE_NAMESPACE}/${ROOT_CONFIG_MAP}`;
  const first = firstToEnd(published ?? []);
  if (published === undefined || first === undefined) {
    return [
      say.failed(
        subject,
        "It does not exist, or has no certificate in root-cert.pem: proxies cannot verify istiod.",
        "istiod writes it. Look at istiod's log.",
        [`kubectl logs --namespace ${CONTROL_PLANE_NAMESPACE} --selector app=istiod --tail 100`],
      ),
    ];
  }
  const { outcome, message } = lifetime(first, now, certificateDays);
  const others = rootConfigMaps(state)
    .filter((configMap) => !sameCertificates(rootsIn(configMap) ?? [], published))
    .map(({ metadata }) => metadata.namespace ?? "");
  return [
    outcome === "passed"
      ? say.passed(subject, `The root of the mesh ${message}.`)
      : say[outcome](subject, `The root of the mesh ${message}.`, ROTATION),
    ...(others.length === 0
      ? []
      : [
          say.failed(
            `ConfigMap ${ROOT_CONFIG_MAP} in ${someOf(others)}`,
            `It has another root than that in ${CONTROL_PLANE_NAMESPACE}: proxies there do not trust istiod.`,
            "istiod corrects it while it runs. If another Istio writes it, remove that one.",
            others.map(
              (namespace) => `kubectl delete configmap ${ROOT_CONFIG_MAP} --namespace ${namespace}`,
            ),
          ),
        ]),
  ];
}

function secrets(mesh: ObservedMesh): readonly Observation[] {
  const { state } = mesh;
  const unread = state.notRead("Secret");
  if (unread !== undefined) {
    return [say.unchecked("Secrets with a CA of istiod", unread)];
  }
  return state
    .all("Secret")
    .filter(
      ({ metadata: { name, namespace } }) =>
        namespace === CONTROL_PLANE_NAMESPACE && CA_SECRETS.includes(name),
    )
    .map((secret) => judgeSecret(mesh, secret));
}

function judgeSecret(
  { state, now, certificateDays }: ObservedMesh,
  secret: ClusterObject,
): Observation {
  const subject = labelOf(secret);
  const [authority] = certificatesAt(secret, "ca-cert.pem");
  if (authority === undefined) {
    return say.failed(subject, "It has no certificate in ca-cert.pem.", ROTATION);
  }
  const chain = certificatesAt(secret, "cert-chain.pem");
  if (!isSignedBy(authority, meshRoots(state) ?? [], chain)) {
    return say.failed(
      subject,
      "Its CA is not signed by the root that proxies trust, so they reject each other's certificates.",
      "Restart istiod, so that it publishes the root of this CA, and then the workloads.",
      [`kubectl rollout restart deployment --namespace ${CONTROL_PLANE_NAMESPACE}`],
    );
  }
  const { outcome, message } = lifetime(authority, now, certificateDays);
  return outcome === "passed"
    ? say.passed(subject, `The CA of the mesh ${message}.`)
    : say[outcome](subject, `The CA of the mesh ${message}.`, ROTATION);
}

function certificatesAt(secret: ClusterObject, key: string): readonly X509Certificate[] {
  return certificatesInBase64(textAt(secret, "data", key) ?? "") ?? [];
}
