import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { rules } from "../../policy/rules.ts";
import { allClaims } from "./claims/all.ts";
import { REVISION, namespace, titleOf } from "./claims/claim.ts";
import type { Claim } from "./claims/claim.ts";
import { injectionClaims } from "./claims/injection.ts";
import {
  DISCOVERED,
  discoveryClaim,
  fieldClaims,
  foreignWebhookClaim,
  oneConfigMapClaim,
  secondControlPlaneClaim,
  systemNamespaceClaim,
} from "./claims/mesh.ts";
import { unseen } from "./claims/unseen.ts";
import { deleteNamespaces, namesAreFree } from "./harness/cleanUp.ts";
import { Refused } from "./harness/cluster.ts";
import type { Resource } from "./harness/cluster.ts";
import { deploy } from "./harness/deploy.ts";
import { judge } from "./harness/judge.ts";
import type { Judgement } from "./harness/judge.ts";
import { asksItself, passesBy, proxyConfig, sidecarRevision } from "./harness/pods.ts";
import type { Pod } from "./harness/pods.ts";
import { cluster, onLoopback, startForeign, startRevision } from "./harness/real.ts";
import type { Revision } from "./harness/revision.ts";
import { waitFor } from "./harness/waitFor.ts";

const UNHEARD = "none of its settings has an effect, without any error";

type Template = Pick<Pod, "metadata" | "spec">;

/** The pod for a namespace: that of its Deployment, or a minimal one. */
function podOf(objects: readonly Resource[], namespace: string): Resource {
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  const { template } = (deployment?.["spec"] ?? {}) as { readonly template?: Template };
  return {
    apiVersion: "v1",
    kind: "Pod",
    spec: { containers: [{ name: "app", image: "registry.invalid/app:1" }] },
    ...template,
    metadata: { ...template?.metadata, name: "probe", namespace },
  };
}

/** The result of admission for a pod, in the words of the claims. */
async function becomes(pod: Resource): Promise<string> {
  try {
    const created = await cluster.create<Pod>(pod, { dryRun: true });
    const revision = sidecarRevision(created);
    if (revision === undefined) return "no sidecar";
    if (asksItself(created)) return `${revision}, probed instead of the application`;
    return passesBy(created) ? `${revision}, bypassed` : revision;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.message.includes("violates PodSecurity")) return "rejected by pod security";
    if (/failed calling webhook|denied the request/.test(error.message)) {
      return "rejected by a webhook";
    }
    throw error;
  }
}

describe.skipIf(!onLoopback)("claims of the policy pack (on their own mesh)", () => {
  const discovered = `${discoveryClaim.name}-not`;
  const namespaces = [
    ...injectionClaims.map(({ name }) => name),
    foreignWebhookClaim.name,
    discoveryClaim.name,
    discovered,
  ];
  let judgement: Judgement;
  const revisions: Revision[] = [];

  beforeAll(async () => {
    const judged = judge();
    for (const name of ["asm-1-29", REVISION] as const) {
      revisions.push(await startRevision(name, "init-container"));
    }
    judgement = await judged;
  });

  afterAll(async () => {
    await deleteNamespaces(cluster, namespaces);
    for (const revision of revisions) await revision.remove();
  });

  function newest(): Revision {
    const found = revisions.find(({ name }) => name === REVISION);
    if (found === undefined) throw new Error(`${REVISION} was not started.`);
    return found;
  }

  function expectJudged(claim: Claim): void {
    expect(judgement(claim)).toEqual([claim.policy, ...(claim.also ?? [])].sort());
  }

  /** Leaves no settings behind, even if the test fails: the next one would run with them. */
  function removeSettingsAfterwards({ broken, mended }: Claim): void {
    const settings = [...broken, ...mended].filter(({ kind }) => kind === "ConfigMap");
    onTestFinished(() => deploy(cluster, [], settings));
  }

  async function takesPods(namespace: string): Promise<void> {
    const account = () => cluster.find("v1", "ServiceAccount", "default", namespace);
    await waitFor(`${namespace} to take pods`, async () => (await account()) !== undefined);
  }

  test.each(injectionClaims.map((claim) => [titleOf(claim, claim.harm), claim] as const))(
    "%s",
    async (_, claim) => {
      expectJudged(claim);
      const { name, broken, mended } = claim;
      await deploy(
        cluster,
        broken.filter(({ kind }) => kind === "Namespace"),
      );
      await takesPods(name);
      expect(await becomes(podOf(broken, name))).toBe(claim.harm);
      await deploy(
        cluster,
        mended.filter(({ kind }) => kind === "Namespace"),
      );
      // The API server matches webhooks by labels that it may have cached a little earlier.
      await waitFor(claim.otherwise, async () => {
        const now = await becomes(podOf(mended, name));
        if (now === claim.otherwise) return true;
        throw new Error(now);
      });
    },
  );

  test(
    titleOf(foreignWebhookClaim, "one whose istiod is elsewhere keeps every pod out"),
    async () => {
      const { name, broken, mended } = foreignWebhookClaim;
      expectJudged(foreignWebhookClaim);
      const pod = podOf([], name);
      await deploy(cluster, broken);
      await takesPods(name);
      await waitFor("refusal", async () => (await becomes(pod)) === "rejected by a webhook");
      await deploy(cluster, mended, broken);
      await waitFor("admission", async () => (await becomes(pod)) === REVISION);
    },
  );

  test(
    titleOf(secondControlPlaneClaim, "the mesh's proxies are told to trust another authority"),
    async () => {
      expectJudged(secondControlPlaneClaim);
      const { name } = foreignWebhookClaim;
      const trusted = async () => {
        const map = await cluster.find<ConfigMap>("v1", "ConfigMap", "istio-ca-root-cert", name);
        return map?.data["root-cert.pem"];
      };
      const own = await waitFor("the mesh's authority", trusted);
      const foreign = await startForeign("foreign", "istio-system");
      try {
        await waitFor("another authority", async () => (await trusted()) !== own);
      } finally {
        await foreign.remove();
      }
      await waitFor("the mesh's authority again", async () => (await trusted()) === own);
    },
  );

  test(titleOf(oneConfigMapClaim, "the other revision goes by other settings"), async () => {
    expectJudged(oneConfigMapClaim);
    removeSettingsAfterwards(oneConfigMapClaim);
    const { broken, mended } = oneConfigMapClaim;
    const drains = async (revision: string) => {
      const pod = podOf([], "default");
      const labels = { "istio.io/rev": revision };
      const created = await cluster.create<Pod>(
        { ...pod, metadata: { ...pod.metadata, labels } },
        { dryRun: true },
      );
      expect(sidecarRevision(created)).toBe(revision);
      return proxyConfig(created).includes('"terminationDrainDuration":"77s"');
    };
    await deploy(cluster, broken);
    await waitFor("asm-1-29 to have settings", () => drains("asm-1-29"));
    expect(await drains(REVISION)).toBe(false);
    await deploy(cluster, mended, broken);
    await waitFor("both to have settings", () => drains(REVISION));
  });

  test.each(fieldClaims.map((claim) => [titleOf(claim, UNHEARD), claim] as const))(
    "%s",
    async (_, claim) => {
      expectJudged(claim);
      removeSettingsAfterwards(claim);
      const format = async () => {
        const response = await fetch(`http://127.0.0.1:${newest().ports.http}/debug/mesh`);
        return ((await response.json()) as { accessLogFormat?: string }).accessLogFormat;
      };
      await deploy(cluster, claim.mended);
      await waitFor("what is wanted", async () => (await format()) === "as wanted");
      await deploy(cluster, claim.broken);
      await waitFor("nothing of it", async () => (await format()) === undefined);
    },
  );

  test(titleOf(discoveryClaim, "its pods lack the certificate that they mount"), async () => {
    expectJudged(discoveryClaim);
    removeSettingsAfterwards(discoveryClaim);
    const { name, broken, mended } = discoveryClaim;
    const certificate = (where: string) =>
      cluster.find<ConfigMap>("v1", "ConfigMap", "istio-ca-root-cert", where);
    await deploy(
      cluster,
      broken.filter(({ kind }) => kind === "ConfigMap"),
    );
    // istiod may still give certificates to every namespace for a moment, so both of them are new in each attempt.
    await waitFor("istiod to go by the selectors", async () => {
      await deleteNamespaces(cluster, [name, discovered]);
      await namesAreFree(cluster, [name, discovered]);
      await deploy(cluster, broken);
      await deploy(cluster, [namespace(discovered, DISCOVERED)]);
      await waitFor("a namespace to be discovered", () => certificate(discovered));
      return (await certificate(name)) === undefined;
    });
    await deploy(cluster, mended, broken);
    await waitFor("the other one, too", () => certificate(name));
  });

  test(
    titleOf(systemNamespaceClaim, "while istiod is away, no pod of the system starts"),
    async () => {
      expectJudged(systemNamespaceClaim);
      const pod = podOf([], "kube-system");
      onTestFinished(() => deploy(cluster, systemNamespaceClaim.mended));
      await deploy(cluster, systemNamespaceClaim.broken);
      expect(await becomes(pod)).toBe("no sidecar");

      await newest().stop();
      await waitFor("refusal", async () => (await becomes(pod)) === "rejected by a webhook");
      await deploy(cluster, systemNamespaceClaim.mended);
      await waitFor("admission", async () => (await becomes(pod)) === "no sidecar");
    },
  );
});

test("every rule of the policy pack has a claim, or a reason why it cannot have one", () => {
  const shown = allClaims.map(({ policy }) => policy);
  const ofMesh = rules.map(({ name }) => name).filter((name) => !name.startsWith("aks-"));

  expect([...new Set(shown), ...Object.keys(unseen)].sort()).toEqual([...ofMesh].sort());
});

interface ConfigMap extends Resource {
  readonly data: Readonly<Record<string, string>>;
}
