/**
 * The command that suspends or resumes the Kustomizations or HelmReleases of all namespaces: `--all` means those of one.
 *
 * @see https://fluxcd.io/flux/cmd/flux_suspend/
 */
export function fluxCommand(
  verb: "suspend" | "resume",
  kind: "kustomization" | "helmrelease",
): string {
  const group = kind === "kustomization" ? "kustomize" : "helm";
  const resource = `${kind}s.${group}.toolkit.fluxcd.io`;
  const namespaces = `kubectl get ${resource} -A -o jsonpath='{range .items[*]}{.metadata.namespace}{"\\n"}{end}' | sort -u`;
  return `for namespace in $(${namespaces}); do flux ${verb} ${kind} --all -n "$namespace"; done`;
}
