import { stringify } from "yaml";
import { ingressGatewayName } from "../../mesh/ingressGateways.ts";
import { parseSettings } from "../../settings/parse.ts";
import { LOCATION } from "../../settings/location/location.ts";

/** What a new stack cannot do without, and the little that most have. */
export interface NewStack {
  /** The Azure region. */
  readonly location: string;
  readonly kubernetesVersion: string;
  readonly revision: string;
  /** The ranges that may reach the API server. */
  readonly authorizedIPRanges: readonly string[];
  /** Object IDs in Entra ID. */
  readonly administrators: readonly string[];
  /** A host of the sample, and the vault with its certificate; without it, no gateway. */
  readonly ingress?: { readonly host: string; readonly keyVaultId: string };
  /** The repository that Flux applies; without it, no Flux. */
  readonly gitUrl?: string;
}

type Config = Readonly<Record<string, unknown>>;

/** The configuration of a new stack, with a namespace and a sample in it. */
export function newConfig(project: string, stack: NewStack): Config {
  const { location, kubernetesVersion, revision, authorizedIPRanges, administrators } = stack;
  const { ingress, gitUrl } = stack;
  return {
    [LOCATION]: location,
    "pulumi:disable-default-providers": ["kubernetes"],
    [`${project}:cluster`]: { kubernetesVersion, apiServer: { authorizedIPRanges } },
    [`${project}:mesh`]: { revision },
    [`${project}:namespaces`]: { shop: {} },
    [`${project}:workloads`]: { storefront: { namespace: "shop" } },
    ...(ingress === undefined ? {} : { [`${project}:gateways`]: gatewayOf(ingress) }),
    ...(gitUrl === undefined ? {} : { [`${project}:gitops`]: gitopsOf(gitUrl) }),
    [`${project}:access`]: { administrators },
  };
}

function gatewayOf({ host, keyVaultId }: NonNullable<NewStack["ingress"]>) {
  const certificate = host.replaceAll(/[^0-9a-zA-Z]+/g, "-");
  const answering = { namespace: "shop", service: "frontend", port: 9898, certificate };
  return { keyVaultId, ingress: { External: { staticIP: true, hosts: { [host]: answering } } } };
}

/** For a tree like `gitops/`. */
function gitopsOf(url: string) {
  const hosts = { podinfo_host: "podinfo.example.com" };
  return {
    url,
    reference: { branch: "main" },
    kustomizations: {
      "infra-controllers": { path: "./gitops/infrastructure/controllers" },
      "infra-configs": {
        path: "./gitops/infrastructure/configs",
        dependsOn: ["infra-controllers"],
        substitute: { ingress_gateway: ingressGatewayName("External"), ...hosts },
      },
      apps: { path: "./gitops/apps/prod", dependsOn: ["infra-configs"], substitute: hosts },
    },
  };
}

/** Every mistake in a configuration, as `validate` prints it. */
export function problemsOf(project: string, config: Config): readonly string[] {
  const values = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const parsed = parseSettings({ values, isSecret: () => false, project });
  return "problems" in parsed ? parsed.problems : [];
}

/** The stack file, with the line that has editors complete and check it. */
export function stackFileText(config: Config): string {
  const text = stringify({ config }, { lineWidth: 0, aliasDuplicateObjects: false });
  return `# yaml-language-server: $schema=schemas/stack.schema.json\n${text}`;
}
