import type { Step } from "../report.ts";
import {
  CLUSTER,
  addresses,
  applyAll,
  ca,
  configure,
  enableGateways,
  shellRevision,
  solveBlockers,
} from "./commonSteps.ts";
import type { Circumstances } from "./commonSteps.ts";
import type { Way } from "./report.ts";
import { sameCluster } from "./sameCluster.ts";

/**
 * The ways to migrate. Microsoft recommends the second cluster: the add-on does not work beside another Istio, so in one
 * cluster there is a time without a mesh.
 *
 * @see https://learn.microsoft.com/azure/aks/migration-from-open-source-istio-to-addon
 * @see https://learn.microsoft.com/azure/aks/istio-deploy-addon#before-you-begin
 */
export function waysOf(circumstances: Circumstances, hasBlockers: boolean): readonly Way[] {
  const first = hasBlockers ? [solveBlockers(circumstances)] : [];
  return [
    {
      title: "With a second cluster",
      about:
        "Microsoft recommends this way. The old cluster serves until the new one has been tested.",
      steps: [...first, ...secondCluster(circumstances)],
    },
    {
      title: "In the same cluster",
      about:
        "The add-on does not work beside another Istio, so namespaces cannot move one by one: there is a time without a mesh, without its policies and without its gateways. Plan for an outage, and rehearse it on a copy of the cluster.",
      steps: [...first, ...sameCluster(circumstances)],
    },
  ];
}

function secondCluster(circumstances: Circumstances): readonly Step[] {
  const { gateways } = circumstances;
  return [
    {
      title: "Create a cluster with the add-on",
      about:
        `Choose the revision of the Istio that you run, if AKS still offers it, so that only one thing changes at a time. ${ca(circumstances)}`.trim(),
      commands: [
        `az aks create ${CLUSTER} --enable-asm --revision ${shellRevision(circumstances)}`,
      ],
    },
    ...enableGateways(gateways),
    ...configure(circumstances),
    applyAll("Apply the changed manifests to the new cluster", circumstances),
    {
      title: "Test the new cluster",
      about:
        `Requests reach it by the addresses of its gateways. ${circumstances.hasOwnCa ? "" : "Workloads of the two clusters cannot authenticate each other with mutual TLS, because each mesh has a root of its own."}`.trim(),
      commands: ["npx aks-istio verify", ...addresses(gateways)],
    },
    {
      title: "Move the traffic in small shares",
      about:
        "Use DNS with a short time to live, Traffic Manager or Front Door; or route a share from the old gateway to the new one, with a ServiceEntry and weights. To go back, move the traffic to the old cluster again: keep it until then.",
      commands: [],
    },
    {
      title: "Delete the old cluster",
      about: "Wait until no client uses its addresses any more.",
      commands: [],
    },
  ];
}
