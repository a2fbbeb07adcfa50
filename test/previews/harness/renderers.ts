import { MODULE } from "../../real/harness/components.ts";
import { built } from "../../real/harness/goModule.ts";

/** Helm and Kustomize, of the versions pinned in go.mod; their directory. */
export function renderers(say: (line: string) => void): Promise<string> {
  return built(
    {
      module: MODULE,
      what: "Helm and Kustomize",
      packages: ["helm.sh/helm/v3/cmd/helm", "sigs.k8s.io/kustomize/kustomize/v5"],
    },
    say,
  );
}
