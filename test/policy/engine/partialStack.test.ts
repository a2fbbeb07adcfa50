import { unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { clusters } from "../../../policy/model/azure/cluster.ts";
import { namespaces } from "../../../policy/model/kubernetes/objects.ts";
import { resourceOf } from "../../../policy/engine/resource.ts";
import type { Resource } from "../../../policy/engine/resource.ts";
import { scopeFrom } from "../../../policy/engine/scope.ts";
import { PartialStack } from "../../../policy/engine/partialStack.ts";
import { meshModel } from "../../../policy/model/meshModel.ts";
import {
  TODAY,
  UNKNOWN,
  cluster,
  kubeconfigOf,
  kubernetes,
  namespace,
  urnOf,
} from "../../support/fixtures.ts";
import type { Fixture } from "../../support/fixtures.ts";

// The SDK exports it, but does not declare it.
const proxied = unknownCheckingProxy as (props: object) => object;

function resource(fixture: Fixture): Resource {
  const handed = ({ type, name, props }: Fixture) => ({
    type,
    name,
    urn: urnOf(fixture),
    props: proxied(props),
  });
  const { provider } = fixture;
  return resourceOf({
    ...handed(fixture),
    ...(provider && { provider: { ...handed(provider), urn: urnOf(provider) } }),
  });
}

function seen(...fixtures: Fixture[]): PartialStack {
  const stack = new PartialStack(scopeFrom({}), meshModel);
  for (const fixture of fixtures) stack.see(resource(fixture));
  return stack;
}

const north = cluster({}, "north");
const west = cluster({}, "west");
const aws: Fixture = { type: "pulumi:providers:aws", name: "aws", props: {} };
const eks: Fixture = { type: "aws:eks/cluster:Cluster", name: "eks", props: {}, provider: aws };
const labels = (found: readonly { readonly label: string }[]) => found.map(({ label }) => label);
const NORTH = 'ManagedCluster "north"';
const WEST = 'ManagedCluster "west"';

describe("the stack so far", () => {
  test("contains the resources seen, in order", () => {
    const stack = seen(namespace(undefined, {}, "a"), north, namespace(undefined, {}, "b"));
    expect(labels(stack.all(namespaces))).toEqual(['Namespace "a"', 'Namespace "b"']);
    expect(labels(stack.all(clusters))).toEqual([NORTH]);
    expect(stack.find(north.type, urnOf(north))?.name).toBe("north");
    expect(stack.find(west.type, urnOf(west))).toBeUndefined();
  });

  test("has no dependencies yet", () => {
    const stack = seen(north);
    expect(stack.complete).toBe(false);
    expect(stack.comesAfter()).toBe(false);
    expect(stack.origins()).toEqual([]);
  });
});

describe("the clusters of a resource", () => {
  const on = (kubeconfig: unknown) => resource(namespace(kubernetes(north, kubeconfig)));

  test("are all seen so far if its kubeconfig is unknown", () => {
    const stack = seen(north, west);
    expect(labels(stack.clustersOf(on(UNKNOWN)))).toEqual([NORTH, WEST]);
  });

  test("are those that its kubeconfig names", () => {
    const stack = seen(north, west);
    expect(labels(stack.clustersOf(on(kubeconfigOf(west))))).toEqual([WEST]);
    expect(stack.clustersOf(on("elsewhere"))).toEqual([]);
  });

  test("are unknown if it has no provider, or one without a kubeconfig", () => {
    const stack = seen(north);
    expect(stack.clustersOf(resource(namespace(undefined)))).toEqual([]);
    const bare: Fixture = { ...kubernetes(north), props: {} };
    expect(stack.clustersOf(resource(namespace(bare)))).toEqual([]);
  });

  test("stay the same when more resources follow", () => {
    const stack = seen(north);
    const shop = on(UNKNOWN);
    expect(labels(stack.clustersOf(shop))).toEqual([NORTH]);
    stack.see(resource(west));
    expect(labels(stack.clustersOf(shop))).toEqual([NORTH]);
    expect(labels(stack.clustersOf(on(UNKNOWN)))).toEqual([NORTH, WEST]);
  });

  test("may be of another kind, without the add-on", () => {
    const stack = seen(north, eks);
    expect(labels(stack.clustersOf(on(UNKNOWN)))).toEqual([NORTH, "another cluster"]);
    expect(stack.clustersOf(on(UNKNOWN))[1]).toMatchObject({ addon: false, revisions: undefined });
    expect(labels(stack.clustersOf(on(kubeconfigOf(north))))).toEqual([NORTH]);
  });
});

describe("another run of the program", () => {
  const rule = "aks-sla-tier";
  const exceptions = [{ rule, resource: "*::north", reason: "For trials.", until: TODAY }];
  const granted = { exceptions, today: TODAY };

  test("starts without the resources of the previous one", () => {
    const stack = seen(north, eks);
    const judgement = { index: 0, outcome: "violation", label: NORTH, text: "wrong." } as const;
    stack.exceptions.applied(judgement, rule, resource(north), granted);
    stack.end();
    expect(labels(stack.all(clusters))).toEqual([NORTH]);
    expect(stack.among([])).toHaveLength(1);
    expect(stack.exceptions.unneeded(granted)).toEqual([]);

    stack.see(resource(west));
    expect(labels(stack.all(clusters))).toEqual([WEST]);
    expect(stack.among([])).toEqual([]);
    expect(stack.exceptions.unneeded(granted)).toEqual([[0, exceptions[0]]]);
  });

  test("keeps all its resources until it ends", () => {
    const stack = seen(north);
    stack.end();
    for (const fixture of [west, cluster({}, "east")]) stack.see(resource(fixture));
    expect(labels(stack.all(clusters))).toEqual([WEST, 'ManagedCluster "east"']);
    stack.end();
    stack.see(resource(north));
    expect(labels(stack.all(clusters))).toEqual([NORTH]);
  });
});
