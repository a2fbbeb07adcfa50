import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REVISION, titleOf } from "./claims/claim.ts";
import { configurationClaims } from "./claims/configuration.ts";
import type { ConfigurationClaim } from "./claims/configuration.ts";
import type { Resource } from "./harness/cluster.ts";
import { named } from "./harness/json.ts";
import { AKS } from "./harness/aks.ts";
import { deploy } from "./harness/deploy.ts";
import { judge } from "./harness/judge.ts";
import type { Judgement } from "./harness/judge.ts";
import { Nodes } from "./harness/nodes.ts";
import type { Pod } from "./harness/pods.ts";
import { gatewayPod, identityOf, pushedTo } from "./harness/proxy.ts";
import { cluster, onLoopback, startRevision } from "./harness/real.ts";
import type { Revision } from "./harness/revision.ts";
import { waitFor } from "./harness/waitFor.ts";

const gateway = gatewayPod(AKS.ingressNamespace, AKS.internalGateway);

describe.skipIf(!onLoopback)(
  "claims of the policy pack about configuration (asks an istiod on loopback)",
  () => {
    let judgement: Judgement;
    let nodes: Nodes;
    let revision: Revision;

    beforeAll(async () => {
      nodes = await Nodes.start(cluster);
      [judgement, revision] = await Promise.all([judge(), startRevision(REVISION)]);
      await cluster.apply(gateway);
    });

    afterAll(async () => {
      await cluster.remove(gateway);
      await revision.remove();
      await nodes.stop();
    });

    /** The pod of the claim's proxy, if it exists yet. Istio creates that of a Gateway. */
    async function podOf({ name, asked }: ConfigurationClaim): Promise<Pod | undefined> {
      if (asked === "server") return await cluster.find<Pod>("v1", "Pod", "server", name);
      if (asked === "gateway") {
        return await cluster.find<Pod>("v1", "Pod", gateway.metadata.name, AKS.ingressNamespace);
      }
      const labels = "gateway.networking.k8s.io/gateway-name=own";
      const pods = await cluster.list<Pod>("v1", "Pod", { namespace: name, labels });
      return pods.find(({ status }) => status?.podIP !== undefined);
    }

    /** The configuration for the claim's proxy, once istiod knows all objects that were applied before. */
    async function given(claim: ConfigurationClaim, state: string) {
      const { name, asked } = claim;
      const host = `${name}.${state}`;
      await cluster.apply(marker(name, host));
      const ask = async () => {
        const pod = await podOf(claim);
        if (pod?.status?.podIP === undefined) return undefined;
        const type = asked === "server" ? "sidecar" : "router";
        return await pushedTo({ ...identityOf(pod), type }, revision.ports);
      };
      return await waitFor(`istiod to know the ${state} objects`, async () => {
        const known = named((await ask())?.clusters ?? [], `outbound|80||${host}`) !== undefined;
        // Some of a proxy's configuration dates from its connection, which was earlier.
        return known && (await ask());
      });
    }

    /** Waits for a state to show, or not to show, the harm: istiod reads its MeshConfig apart from other objects. */
    async function settled(claim: ConfigurationClaim, state: string, harmed: boolean) {
      await waitFor(`${claim.name} to be ${state}`, async () => {
        return claim.harmed(await given(claim, state)) === harmed;
      });
    }

    test.each(configurationClaims.map((claim) => [titleOf(claim, claim.harm), claim] as const))(
      "%s",
      async (_, claim) => {
        expect(judgement(claim)).toEqual([claim.policy]);
        await deploy(cluster, claim.broken);
        if (claim.aboutMesh) await settled(claim, "broken", true);
        expect(claim.harmed(await given(claim, "broken"))).toBe(true);

        await deploy(cluster, claim.mended, claim.broken);
        if (claim.aboutMesh) await settled(claim, "mended", false);
        expect(claim.harmed(await given(claim, "mended"))).toBe(false);
        // One by one: deleting a namespace takes time, and the next claim may concern the same gateway.
        await deploy(cluster, [], claim.mended);
      },
    );
  },
);

/** Once istiod knows its host, it knows all earlier objects. */
function marker(namespace: string, host: string): Resource {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "ServiceEntry",
    metadata: { name: "marker", namespace },
    spec: {
      hosts: [host],
      ports: [{ number: 80, name: "http", protocol: "HTTP" }],
      resolution: "DNS",
    },
  };
}
