import { Namespace } from "./schema.ts";
import { valueAt } from "../core/path.ts";
import { ProxyRedirection } from "../mesh/proxyRedirection.ts";
import { names, read } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";

/** The path of the mechanism. */
const MECHANISM = ["mesh", "proxyRedirectionMechanism"];

/** The Pod Security Standards of the mesh's namespaces must admit the init container that redirects traffic. */
export function checkPodSecurity(values: Values): readonly Violation[] {
  const strict = strictNamespaces(values);
  const [first] = strict;
  const mechanism = read(ProxyRedirection, values, MECHANISM);
  if (first === undefined || mechanism === "CNIChaining") return [];
  if (mechanism === "InitContainers") {
    return strict.map(({ name, level }) => ({
      steps: ["namespaces", name, "podSecurity"],
      rule: `${level} refuses every pod with a sidecar if ${MECHANISM.join(".")} is InitContainers; set it to privileged, or switch the mesh (az aks mesh proxy-redirection-mechanism --mechanism CNIChaining) and set that to CNIChaining`,
      hideValue: true,
    }));
  }
  if (valueAt(values, MECHANISM) !== undefined) return [];
  const wanted = strict.map(({ name, level }) => `namespaces.${name}.podSecurity is ${level}`);
  return [
    {
      steps: MECHANISM,
      rule: `is required, because ${wanted.join(" and ")}: CNIChaining for a mesh that was created with asm-1-30 or later, or switched to it; InitContainers for an older one. A pod shows which, by its init container istio-validation (CNIChaining) or istio-init (InitContainers): kubectl get pods -n ${first.name} -o jsonpath='{.items[*].spec.initContainers[*].name}'`,
    },
  ];
}

/** The mesh's namespaces whose standard refuses the capabilities of the init container. */
function strictNamespaces(values: Values) {
  return names(values, "namespaces").flatMap((name) => {
    const namespace = read(Namespace.pick({ mesh: true, podSecurity: true }).loose(), values, [
      "namespaces",
      name,
    ]);
    const { mesh = true, podSecurity: level = "privileged" } = namespace ?? {};
    return mesh && level !== "privileged" ? [{ name, level }] : [];
  });
}
