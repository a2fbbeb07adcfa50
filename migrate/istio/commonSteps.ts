import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";
import { INGRESS_NAMESPACE } from "../../mesh/names.ts";
import { shellWord } from "../../text/shellWord.ts";
import type { Step } from "../report.ts";
import { SAME_ROOT } from "./trust.ts";

/** What the order of a migration depends on. */
export interface Circumstances {
  readonly revision: string;
  /** The namespaces of the own Istio. */
  readonly roots: ReadonlySet<string>;
  /** The directory of the changed manifests. */
  readonly out: string;
  /** The add-on's ingress gateways that are needed. */
  readonly gateways: readonly IngressGatewayKind[];
  /** Whether Kustomize builds the changed manifests. */
  readonly hasKustomize: boolean;
  readonly hasMeshConfig: boolean;
  /** Whether the own mesh signs with a certificate authority of the user. */
  readonly hasOwnCa: boolean;
}

export const CLUSTER = "--resource-group $RESOURCE_GROUP --name $CLUSTER";

export function solveBlockers({ out }: Circumstances): Step {
  return {
    title: "Solve the blockers",
    about: "The add-on rejects or ignores what they are about. Check the result.",
    commands: [`npx aks-istio check ${shellWord(out)}`],
  };
}

export function ca({ hasOwnCa }: Circumstances): string {
  return hasOwnCa
    ? `Pass the plug-in CA, which cannot be set later. ${SAME_ROOT}`
    : "A plug-in CA from Azure Key Vault can only be chosen now, not later.";
}

export function enableGateways(kinds: readonly IngressGatewayKind[]): readonly Step[] {
  if (kinds.length === 0) return [];
  return [
    {
      title: "Enable the ingress gateways",
      about: `Put their certificates into ${INGRESS_NAMESPACE}, where they read them.`,
      commands: kinds.map(
        (kind) =>
          `az aks mesh enable-ingress-gateway ${CLUSTER} --ingress-gateway-type ${kind.toLowerCase()}`,
      ),
    },
  ];
}

export function configure(circumstances: Circumstances): readonly Step[] {
  const { hasMeshConfig, out, revision } = circumstances;
  if (!hasMeshConfig) return [];
  const file = `${shellWord(out)}/FILE`;
  return [
    {
      title: "Apply the shared ConfigMap",
      about: `It is istio-shared-configmap-${revision}, in the changed manifest that had the MeshConfig. Apply it before the first workload starts: proxies read some settings only then.`,
      commands: [
        isVariable(circumstances)
          ? `${substitute(circumstances)} ${file} | kubectl apply -f -`
          : `kubectl apply -f ${file}`,
      ],
    },
  ];
}

/** `kubectl apply -R` would take patches for objects, and know nothing of variables. */
export function applyAll(title: string, circumstances: Circumstances): Step {
  const { out, hasKustomize } = circumstances;
  const directory = shellWord(out);
  const substituted = isVariable(circumstances) ? `${substitute(circumstances)} | ` : "";
  if (hasKustomize) {
    return {
      title,
      about:
        "Apply each directory that a cluster builds with Kustomize: namespaces first, then Istio's objects, then workloads.",
      commands: [`kubectl kustomize ${directory}/DIRECTORY | ${substituted}kubectl apply -f -`],
    };
  }
  return {
    title,
    about: "Namespaces first, then Istio's objects, then workloads.",
    commands: [
      isVariable(circumstances)
        ? `find ${directory} -name '*.y*ml' -exec ${substitute(circumstances)} {} \\; -exec echo --- \\; | kubectl apply -f -`
        : `kubectl apply -R -f ${directory}`,
    ],
  };
}

export function addresses(kinds: readonly IngressGatewayKind[]): readonly string[] {
  return kinds.length === 0 ? [] : [`kubectl get services -n ${INGRESS_NAMESPACE}`];
}

/** In a command, a variable of Flux is one of the shell. */
export function shellRevision(circumstances: Circumstances): string {
  return isVariable(circumstances) ? "$REVISION" : circumstances.revision;
}

function isVariable({ revision }: Circumstances): boolean {
  return revision.startsWith("${");
}

/** The command that does what Flux does with the variable. */
function substitute({ revision }: Circumstances): string {
  return `sed "s/[$]${revision.slice(1)}/$REVISION/g"`;
}
