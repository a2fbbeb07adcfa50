import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { kubernetesVersion } from "../../real/harness/components.ts";
import { built } from "../../real/harness/goModule.ts";

/** The Go module that pins the node's programs, at the versions of test/real/components so Go compiles them once. */
const MODULE = join(__dirname, "../components");

/** Its programs that are part of this project. */
const OWN = ["coredns", "load", "pause"];

/** The directory with the node's programs, built from source unless an earlier run built them. */
export async function nodePrograms(say: (line: string) => void): Promise<string> {
  return await built(
    {
      module: MODULE,
      what: "the kubelet, kube-proxy, the scheduler, CNI plugins, CoreDNS and Istio's agent",
      variables: kubernetesVersion(MODULE),
      packages: ["tool"],
      decides: OWN.flatMap((name) =>
        readdirSync(join(MODULE, name)).map((file) =>
          readFileSync(join(MODULE, name, file), "utf8"),
        ),
      ).join("\n"),
    },
    say,
  );
}
