import { describe, expect, test } from "vitest";
import { nsRevisionOnCluster } from "../../../policy/rules/ns/ns-revision-on-cluster.ts";
import { UNKNOWN, cluster, kubeconfigOf, kubernetes, namespace } from "../../support/fixtures.ts";
import type { Fixture } from "../../support/fixtures.ts";
import { run } from "../../support/policy.ts";
import type { Run } from "../../support/policy.ts";

/**
 * When a label that only some clusters accept is reported, if at all; this shows to which cluster a namespace is
 * assigned.
 */
async function reported(stack: readonly Fixture[], options?: Run) {
  return (await run(nsRevisionOnCluster, stack, options)).map(({ when, message }) => [
    when,
    /nor a tag of (.*), so/.exec(message)?.[1],
  ]);
}

function running(revision: string, name: string): Fixture {
  return cluster({ serviceMeshProfile: { mode: "Istio", istio: { revisions: [revision] } } }, name);
}

const north = running("asm-1-30", "north");
const west = running("asm-1-29", "west");
const NORTH = 'ManagedCluster "north" (asm-1-30)';
const WEST = 'ManagedCluster "west" (asm-1-29)';

/** Of a revision of the add-on on a cluster whose revisions are unknown. */
const UNJUDGED = ["late", undefined];

function labelled(revision: string, provider?: Fixture): Fixture {
  return namespace(provider, { "istio.io/rev": revision });
}

describe("several clusters in one stack", () => {
  const providers = { north: kubernetes(north), west: kubernetes(west) };
  const stack = [north, west, providers.north, providers.west];

  test("each namespace is judged by its own", async () => {
    expect(await reported([...stack, labelled("asm-1-30", providers.north)])).toEqual([]);
    expect(await reported([...stack, labelled("asm-1-29", providers.west)])).toEqual([]);
    expect(await reported([...stack, labelled("asm-1-29", providers.north)])).toEqual([
      ["late", NORTH],
    ]);
    expect(await reported([...stack, labelled("asm-1-30", providers.west)])).toEqual([
      ["late", WEST],
    ]);
  });

  test("a label that none of them accepts is reported immediately, and once", async () => {
    expect(await reported([...stack, labelled("asm-1-27", providers.west)])).toEqual([
      ["early", `${NORTH} or ${WEST}`],
    ]);
  });

  test("a known kubeconfig names its cluster, so the deployment stops in time", async () => {
    const on = kubernetes(west, kubeconfigOf(west));
    expect(await reported([north, west, on, labelled("asm-1-30", on)])).toEqual([["early", WEST]]);
    expect(await reported([north, west, on, labelled("asm-1-29", on)])).toEqual([]);
  });

  test("a prefix does not match a longer one", async () => {
    const westEast = running("asm-1-30", "west-east");
    const on = kubernetes(westEast, kubeconfigOf(westEast));
    // west depends on both, so neither is certain before the dependencies are known.
    expect(await reported([west, westEast, on, labelled("asm-1-29", on)])).toEqual([
      ["late", 'ManagedCluster "west-east" (asm-1-30)'],
    ]);
  });

  const named = (name: string): Fixture => ({
    type: "pulumi:providers:kubernetes",
    name,
    props: {},
  });

  test("without a provider that shows its cluster, each is possible", async () => {
    const unseen = named("unseen");
    const ambient = [named("default_4_34_2"), named("default")];
    for (const on of [undefined, unseen, ...ambient]) {
      const stack = [north, west, ...ambient];
      expect(await reported([...stack, labelled("asm-1-29", on)])).toEqual([]);
      expect(await reported([...stack, labelled("asm-1-27", on)])).toEqual([
        ["late", `${NORTH} or ${WEST}`],
      ]);
    }
  });

  test.each(["not-default", "defaults"])("%s is not a default provider", async (name) => {
    const on = named(name);
    expect(await reported([north, west, on, labelled("asm-1-27", on)])).toEqual([UNJUDGED]);
  });

  test("a cluster with an unknown prefix is recognized by its dependents", async () => {
    const unnamed: Fixture = { ...north, props: { ...north.props, dnsPrefix: UNKNOWN } };
    const on = kubernetes(unnamed, kubeconfigOf(unnamed));
    expect(await reported([unnamed, on, labelled("asm-1-27", on)])).toEqual([["late", NORTH]]);
  });
});

describe("a cluster of another stack", () => {
  const elsewhere: Fixture = {
    type: "pulumi:providers:kubernetes",
    name: "elsewhere",
    props: { kubeconfig: kubeconfigOf({ ...north, name: "elsewhere" }) },
  };
  const config = { "mesh-scope": { revisions: ["asm-1-29"] } };

  test("is not one of the stack's clusters", async () => {
    expect(await reported([north, elsewhere, labelled("asm-1-27", elsewhere)])).toEqual([UNJUDGED]);
    expect(await reported([north, elsewhere, labelled("prod", elsewhere)])).toEqual([]);
  });

  test("is described by the configuration", async () => {
    const described = "the cluster (asm-1-29)";
    for (const stack of [[elsewhere], [north, elsewhere]]) {
      expect(await reported([...stack, labelled("asm-1-29", elsewhere)], { config })).toEqual([]);
      expect(await reported([...stack, labelled("asm-1-30", elsewhere)], { config })).toEqual([
        ["late", described],
      ]);
    }
  });

  test("with the value of a stack reference, which a first preview does not know", async () => {
    const reference: Fixture = {
      type: "pulumi:pulumi:StackReference",
      name: "platform",
      props: { name: "platform" },
      read: true,
    };
    const on: Fixture = {
      ...elsewhere,
      props: { kubeconfig: UNKNOWN },
      from: { kubeconfig: [reference] },
    };
    expect(await reported([reference, on, labelled("asm-1-30", on)], { config })).toHaveLength(1);
    expect(await reported([reference, on, labelled("asm-1-30", on)])).toEqual([UNJUDGED]);
    expect(await reported([reference, north, on, labelled("prod", on)])).toEqual([]);
  });

  test("that the program reads is judged by its state", async () => {
    const read: Fixture = { ...west, read: true };
    const on = kubernetes(read, kubeconfigOf(read));
    expect(await reported([read, on, labelled("asm-1-29", on)])).toEqual([]);
    expect(await reported([read, on, labelled("asm-1-30", on)])).toEqual([["late", WEST]]);
  });
});

describe("clusters outside AKS", () => {
  const aws: Fixture = { type: "pulumi:providers:aws", name: "aws", props: {} };
  const eks: Fixture = { type: "aws:eks/cluster:Cluster", name: "eks", props: {}, provider: aws };
  const onEks: Fixture = { ...kubernetes(north), name: "eks", from: { kubeconfig: [eks] } };

  test("may be the target of an unknown kubeconfig", async () => {
    expect(await reported([north, eks, onEks, labelled("asm-1-27", onEks)])).toEqual([]);
    const on = kubernetes(north);
    expect(await reported([north, eks, on, labelled("asm-1-27", on)])).toEqual([["late", NORTH]]);
  });

  test("are not components with a similar name", async () => {
    const component: Fixture = { type: "aks-istio:index:MeshCluster", name: "orders", props: {} };
    const on = kubernetes(north);
    expect(await reported([component, north, on, labelled("asm-1-27", on)])).toEqual([
      ["early", NORTH],
    ]);
  });
});

describe("an unknown kubeconfig without a known source", () => {
  const lost = { ...kubernetes(north), from: {} };

  test("belongs to a cluster of the stack", async () => {
    expect(await reported([north, lost, labelled("asm-1-27", lost)])).toEqual([["early", NORTH]]);
    // A tag may still be created until the stack is complete.
    expect(await reported([north, lost, labelled("prod", lost)])).toEqual([["late", NORTH]]);
    expect(await reported([north, west, lost, labelled("asm-1-29", lost)])).toEqual([]);
    expect(await reported([north, west, lost, labelled("prod", lost)])).toEqual([
      ["late", `${NORTH} or ${WEST}`],
    ]);
  });

  test("may belong to a cluster outside AKS", async () => {
    const aws: Fixture = { type: "pulumi:providers:aws", name: "aws", props: {} };
    const eks: Fixture = { type: "aws:eks/cluster:Cluster", name: "eks", props: {}, provider: aws };
    expect(await reported([north, eks, lost, labelled("prod", lost)])).toEqual([]);
    const config = { "mesh-scope": { revisions: ["asm-1-29"] } };
    expect(await reported([north, eks, lost, labelled("prod", lost)], { config })).toEqual([]);
  });

  test("belongs to the configured cluster if the stack has none", async () => {
    const config = { "mesh-scope": { revisions: ["asm-1-29"] } };
    expect(await reported([lost, labelled("asm-1-30", lost)], { config })).toHaveLength(1);
    expect(await reported([lost, labelled("asm-1-29", lost)], { config })).toEqual([]);
    expect(await reported([north, lost, labelled("asm-1-30", lost)], { config })).toEqual([]);
  });
});

describe("the path from a provider to its cluster", () => {
  test("leads through other resources", async () => {
    const credentials: Fixture = {
      type: "command:local:Command",
      name: "credentials",
      props: {},
      from: { create: [west] },
    };
    const on: Fixture = { ...kubernetes(west), from: { kubeconfig: [credentials] } };
    expect(await reported([north, west, credentials, on, labelled("asm-1-30", on)])).toEqual([
      ["late", WEST],
    ]);
  });

  test("leads into a component whose output is the kubeconfig", async () => {
    const component: Fixture = { type: "platform:index:Cluster", name: "west", props: {} };
    const inside: Fixture = { ...west, parent: component };
    const on: Fixture = { ...kubernetes(west), from: { kubeconfig: [component] } };
    expect(await reported([north, component, inside, on, labelled("asm-1-30", on)])).toEqual([
      ["late", WEST],
    ]);
  });

  test("covers everything in the component", async () => {
    const component: Fixture = { type: "platform:index:Cluster", name: "west", props: {} };
    const inside: Fixture = { ...west, parent: component };
    const address: Fixture = {
      type: "azure-native:network:PublicIPAddress",
      name: "address",
      props: {},
      parent: component,
    };
    const on: Fixture = { ...kubernetes(west), from: { kubeconfig: [component] } };
    for (const parts of [
      [inside, address],
      [address, inside],
    ]) {
      expect(await reported([north, component, ...parts, on, labelled("asm-1-30", on)])).toEqual([
        ["late", WEST],
      ]);
    }
  });

  test("does not lead into mere children of a resource", async () => {
    const tool: Fixture = { type: "pulumi:providers:command", name: "tool", props: {} };
    const command = (name: string, of: Fixture): Fixture => ({
      type: "command:local:Command",
      name,
      props: {},
      provider: tool,
      from: { create: [of] },
    });
    const login = command("login", west);
    const credentials = command("credentials", login);
    const below: Fixture = { ...north, parent: credentials };
    const on: Fixture = { ...kubernetes(west), from: { kubeconfig: [credentials] } };
    expect(
      await reported([west, tool, login, credentials, below, on, labelled("asm-1-30", on)]),
    ).toEqual([["late", WEST]]);
  });

  test("does not lead through other dependencies of the provider", async () => {
    const component: Fixture = { type: "platform:index:Access", name: "access", props: {} };
    const credentials: Fixture = {
      type: "command:local:Command",
      name: "credentials",
      props: {},
      parent: component,
      from: { create: [north] },
    };
    const on: Fixture = {
      ...kubernetes(north),
      parent: component,
      from: { kubeconfig: [component] },
      dependsOn: [west],
    };
    expect(
      await reported([north, west, component, credentials, on, labelled("asm-1-29", on)]),
    ).toEqual([["late", NORTH]]);
  });

  test("ends at the nearest cluster", async () => {
    const after: Fixture = { ...west, from: { resourceGroupName: [north] } };
    const on: Fixture = { ...kubernetes(after), from: { kubeconfig: [after] } };
    expect(await reported([north, after, on, labelled("asm-1-30", on)])).toEqual([["late", WEST]]);
  });

  test("does not follow cycles", async () => {
    const one: Fixture = { type: "command:local:Command", name: "one", props: {} };
    const component: Fixture = {
      type: "platform:index:Cluster",
      name: "it",
      props: {},
      from: { a: [one] },
    };
    const inside: Fixture = { ...one, name: "inside", parent: component, from: { a: [component] } };
    const on: Fixture = { ...kubernetes(north), from: { kubeconfig: [inside] } };
    expect(await reported([north, one, component, inside, on, labelled("asm-1-99", on)])).toEqual([
      ["early", NORTH],
      UNJUDGED,
    ]);
  });
});

describe("the objects that a Flux configuration applies", () => {
  const flux = (clusterName: unknown, more: Partial<Fixture> = {}): Fixture => ({
    type: "azure-native:kubernetesconfiguration:FluxConfiguration",
    name: "gitops",
    props: { clusterName, namespace: "flux" },
    ...more,
  });

  test("are on the cluster that it names", async () => {
    const on = flux("west");
    const stack = [north, west, on];
    expect(await reported([...stack, labelled("asm-1-29", on)])).toEqual([]);
    expect(await reported([...stack, labelled("asm-1-30", on)])).toEqual([["late", WEST]]);
  });

  test("are on the cluster that its name comes from", async () => {
    const on = flux(UNKNOWN, { from: { clusterName: [north] }, dependsOn: [west] });
    expect(await reported([north, west, on, labelled("asm-1-29", on)])).toEqual([["late", NORTH]]);
  });

  test("are not judged by what the plan does not know", async () => {
    const on = flux("north");
    const levels = async (shop: Fixture) =>
      (await run(nsRevisionOnCluster, [north, kubernetes(north), on, shop])).map(
        ({ level }) => level,
      );
    expect(await levels(labelled(UNKNOWN, on))).toEqual(["unjudged"]);
    // A program can give a value that it knows.
    expect(await levels(labelled(UNKNOWN, kubernetes(north)))).toEqual(["violation"]);
  });

  test("are not judged on a cluster that the stack does not create", async () => {
    const on = flux("elsewhere");
    expect(await reported([north, on, labelled("asm-1-27", on)])).toEqual([UNJUDGED]);
  });
});

describe("without mesh-scope", () => {
  test("the rules report the same, but know nothing about other stacks", async () => {
    const on = kubernetes(north);
    const disabled = ["mesh-scope"];
    expect(await reported([north, on, labelled("asm-1-27", on)], { disabled })).toEqual([
      ["early", NORTH],
    ]);
    const known = kubernetes(north, kubeconfigOf({ ...north, name: "elsewhere" }));
    expect(await reported([north, known, labelled("asm-1-27", known)], { disabled })).toEqual([
      ["late", NORTH],
    ]);
  });
});
