import { expect, test } from "vitest";
import { Faults } from "../../rehearsal/faults.ts";
import { usageErrorOf } from "../support/programs.ts";

const CLUSTER = { type: "azure-native:containerservice:ManagedCluster", name: "mesh" };
const POOL = { type: "azure-native:containerservice:AgentPool", name: "mesh-apps" };

/** How many times in a row an operation fails, out of at most five. */
function failures(faults: Faults, operation: "create" | "update", subject = CLUSTER): number {
  for (let times = 0; times < 5; times += 1) {
    try {
      faults.before(operation, subject);
      return times;
    } catch {
      // Whether it affects the next operation.
    }
  }
  return 5;
}

test.each([
  ["create:ManagedCluster", 1],
  ["create:ManagedCluster:once", 1],
  ["create:ManagedCluster:3", 3],
  ["create:ManagedCluster:always", 5],
  ["create:mesh:2", 2],
  ["create:*:once", 1],
  ["create:Cluster:always", 0],
  ["update:ManagedCluster:always", 0],
  ["create:mesh-apps:always", 0],
])("%s affects a cluster that is created %d times", (text, times) => {
  expect(failures(Faults.parse([text]), "create")).toBe(times);
});

test("a fault affects each resource equally often", () => {
  const faults = Faults.parse(["create:*:2"]);
  expect([failures(faults, "create"), failures(faults, "create", POOL)]).toEqual([2, 2]);
  expect([failures(faults, "create"), failures(faults, "create", POOL)]).toEqual([0, 0]);
});

test("an error message may be given verbatim, including colons", () => {
  const error = 'Status=409 Code="Conflict" Message="a: b"';
  expect(() => {
    Faults.parse([`update:mesh:1:${error}`]).before("update", CLUSTER);
  }).toThrow(error);
});

test("a lost operation completes before its response is lost", () => {
  const faults = Faults.parse(["lost:ManagedCluster:once"]);
  expect(failures(faults, "create")).toBe(0);
  expect(() => {
    faults.after("create", CLUSTER);
  }).toThrow("ServiceUnavailable");
});

test.each(["", "create", "make:ManagedCluster", "create::once", "create:*:twice"])(
  "%j is rejected, with the format of a fault",
  async (text) => {
    expect(await usageErrorOf(() => Faults.parse([text]))).toContain(
      "Write OPERATION:RESOURCE[:TIMES[:ERROR]]",
    );
  },
);
