import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { built } from "../../real/harness/goModule.ts";

const COMPONENTS = join(__dirname, "../components");

/** The Pulumi CLI with its engine, of the version pinned in go.mod; the path of the program. */
export async function pulumiCli(say: (line: string) => void): Promise<string> {
  const module = join(COMPONENTS, "pulumi");
  const version = pinned(module, "github.com/pulumi/pulumi/pkg/v3");
  const directory = await built(
    {
      module,
      what: "the Pulumi CLI and its engine",
      variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": version },
      packages: ["tool"],
    },
    say,
  );
  return join(directory, "pulumi");
}

/** Pulumi's Kubernetes provider; the path of the program. */
export async function kubernetesProvider(say: (line: string) => void): Promise<string> {
  const module = join(COMPONENTS, "kubernetes-provider");
  const { version } = JSON.parse(
    readFileSync(require.resolve("@pulumi/kubernetes/package.json"), "utf8"),
  ) as { version: string };
  const directory = await built(
    {
      module,
      what: "the Kubernetes provider and its schema",
      variables: { "main.version": version },
      packages: ["."],
      decides: readFileSync(join(module, "main.go"), "utf8"),
      finish: (made) => {
        copyFileSync(
          join(
            sourcesOf(module, "github.com/pulumi/pulumi-kubernetes/provider/v4"),
            "cmd/pulumi-resource-kubernetes/schema.json",
          ),
          join(made, "schema.json"),
        );
      },
    },
    say,
  );
  return join(directory, "kubernetes-provider");
}

function pinned(module: string, dependency: string): string {
  const goMod = readFileSync(join(module, "go.mod"), "utf8");
  const line = goMod.split("\n").find((each) => each.trim().startsWith(`${dependency} v`));
  if (line === undefined) throw new Error(`${module}/go.mod does not pin ${dependency}.`);
  return line.trim().slice(`${dependency} v`.length).split(" ")[0] ?? "";
}

/** The downloaded sources of a dependency. */
function sourcesOf(module: string, dependency: string): string {
  const { stdout, status } = spawnSync("go", ["list", "-m", "-f", "{{.Dir}}", dependency], {
    cwd: module,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${dependency} is not among the dependencies of ${module}.`);
  return stdout.trim();
}
