import { expect, test } from "vitest";
import { contextsOf } from "../../../cli/verify/contexts.ts";

const stack = (name: string, clusterName?: string) => ({ stack: name, clusterName });
const two = [stack("weu", "shop-weu"), stack("neu")];

test.each([
  [
    "the name of the cluster in Azure",
    [stack("weu", "shop-weu")],
    [],
    ["shop-weu", "weu"],
    ["shop-weu"],
  ],
  ["the name of the stack", [stack("weu")], [], ["other", "weu"], ["weu"]],
  ["the current one for a single stack", [stack("weu")], [], ["other"], [undefined]],
  ["the one that is given", [stack("weu", "shop-weu")], ["admin"], ["shop-weu"], ["admin"]],
  ["the one that is given to the stack", two, ["weu=a", "neu=b"], ["shop-weu"], ["a", "b"]],
  ["one given, and one found", two, ["weu=a"], ["neu"], ["a", "neu"]],
  // Contexts of OpenShift and EKS have such names.
  ["a name with =", [stack("weu")], ["arn=x"], [], ["arn=x"]],
] as const)("%s", (_, stacks, given, known, contexts) => {
  expect(contextsOf(stacks, given, known)).toEqual(contexts);
});

test("a single stack that names its cluster is not looked for in the current context", () => {
  expect(() => contextsOf([stack("weu", "shop-weu")], [], ["other"])).toThrow(
    "The kubeconfig has no context shop-weu for the stack weu. Run az aks get-credentials --resource-group GROUP --name shop-weu --context shop-weu, or pass --context weu=CONTEXT.",
  );
});

test("several stacks: everything that is wrong is said at once", () => {
  expect(() => contextsOf(two, ["admin"], [])).toThrow(
    `--context admin belongs to no stack. Write --context STACK=CONTEXT with one of: weu, neu.
The kubeconfig has no context shop-weu`,
  );
  expect(() => contextsOf(two, [], ["shop-weu"])).toThrow(
    "The kubeconfig has no context neu for the stack neu. Run az aks get-credentials --resource-group GROUP --name CLUSTER --context neu, or pass --context neu=CONTEXT.",
  );
});
