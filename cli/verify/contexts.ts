import { UsageError } from "../../offline/errors.ts";

/** A stack, as far as it says which context of a kubeconfig is its cluster. */
export interface NamedStack {
  readonly stack: string;
  /** `cluster.name` of its settings, which is also the context that `az aks get-credentials` writes. */
  readonly clusterName: string | undefined;
}

/**
 * The context of each stack, in their order: the one that `--context` gives it; else the one with the name of its cluster
 * in Azure; else the one with its own name; a single stack may also be in the current context (undefined).
 *
 * @param given values of `--context`: `stack=context`, or a context alone for a single stack
 * @param known the contexts of the kubeconfig
 * @throws UsageError that names every stack without a context, and every value that fits no stack
 */
export function contextsOf(
  stacks: readonly NamedStack[],
  given: readonly string[],
  known: readonly string[],
): readonly (string | undefined)[] {
  const values = given.map((value) => {
    const [stack, context] = partsOf(value);
    const isOfStack = stacks.some((one) => one.stack === stack);
    return isOfStack ? { stack, context, value } : { stack: undefined, context: value, value };
  });
  const alone = values.filter(({ stack }) => stack === undefined);
  const problems = (stacks.length > 1 ? alone : alone.slice(1)).map(
    ({ value }) =>
      `--context ${value} belongs to no stack. Write --context STACK=CONTEXT with one of: ${stacks.map(({ stack }) => stack).join(", ")}.`,
  );
  const contexts = stacks.map(({ stack, clusterName }) => {
    const named =
      values.find((value) => value.stack === stack) ?? (stacks.length === 1 ? alone[0] : undefined);
    if (named !== undefined) return named.context;
    const own = clusterName ?? stack;
    if (known.includes(own)) return own;
    if (stacks.length === 1 && clusterName === undefined) return undefined;
    problems.push(
      `The kubeconfig has no context ${own} for the stack ${stack}. Run az aks get-credentials --resource-group GROUP --name ${clusterName ?? "CLUSTER"} --context ${own}, or pass --context ${stack}=CONTEXT.`,
    );
    return undefined;
  });
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return contexts;
}

function partsOf(value: string): readonly [string, string] {
  const at = value.indexOf("=");
  return [value.slice(0, Math.max(at, 0)), value.slice(at + 1)];
}
