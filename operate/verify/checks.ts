import type { KindName } from "../cluster/kinds.ts";
import type { Observation } from "../observation.ts";
import { caCertificates } from "./caCertificates.ts";
import type { Check } from "./check.ts";
import { controlPlane } from "./controlPlane.ts";
import { flux } from "./flux.ts";
import { gatewayApi } from "./gatewayApi.ts";
import { gatewayCertificates } from "./gatewayCertificates.ts";
import { gateways } from "./gateways.ts";
import { leftovers } from "./leftovers.ts";
import { meshMode } from "./meshMode.ts";
import { meshRevisions } from "./meshRevisions.ts";
import { metrics } from "./metrics.ts";
import { namespaceLabels } from "./namespaceLabels.ts";
import type { ObservedMesh } from "./observedMesh.ts";
import { proxyVersions } from "./proxyVersions.ts";
import { sharedConfigMaps } from "./sharedConfigMaps.ts";
import { sidecars } from "./sidecars.ts";
import { webhooks } from "./webhooks.ts";

/** From Azure to the cluster to its workloads: a fault often explains those after it. */
const CHECKS: readonly Check[] = [
  meshMode,
  meshRevisions,
  controlPlane,
  gateways,
  gatewayApi,
  webhooks,
  sharedConfigMaps,
  namespaceLabels,
  sidecars,
  proxyVersions,
  caCertificates,
  gatewayCertificates,
  metrics,
  flux,
  leftovers,
];

/** The names of the checks, in their order. */
export const CHECK_NAMES: readonly string[] = CHECKS.map(({ name }) => name);

/** The checks that need an answer of ARM. */
export const ARM_CHECKS: readonly string[] = [meshMode.name, meshRevisions.name];

/** The kinds that checks read, without those of checks that are left out. */
export function kindsToVerify(skip: readonly string[]): readonly KindName[] {
  return [...new Set(among(skip).flatMap(({ kinds, also = [] }) => [...kinds, ...also]))];
}

/** Runs every check that is not left out. */
export function verifyMesh(mesh: ObservedMesh, skip: readonly string[]): readonly Observation[] {
  return among(skip).flatMap(({ name, kinds, judge }) =>
    mesh.state.whenRead(name, kinds, () => judge(mesh)),
  );
}

function among(skip: readonly string[]): readonly Check[] {
  return CHECKS.filter(({ name }) => !skip.includes(name));
}
