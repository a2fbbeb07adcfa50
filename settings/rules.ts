import type { z } from "zod";
import { kubernetesFit } from "../mesh/catalog.ts";
import { namespaceNameProblem } from "../mesh/names.ts";
import { closest } from "../mesh/suggest.ts";
import { revisionsFor } from "../mesh/support.ts";
import { KubernetesVersion, NodeCount, Plan, RepositoryUrl, Revision } from "./leaves.ts";
import { isMap, valueAt } from "./paths.ts";
import type { Step } from "./paths.ts";

/** A broken rule: where, and what to say; `aside` where the value found there would say nothing. */
export interface Violation {
  readonly steps: readonly Step[];
  readonly rule: string;
  readonly aside?: boolean;
}

type Values = Readonly<Record<string, unknown>>;
type Rule = (values: Values) => readonly Violation[];

/**
 * The rules between settings and on the names of things. They read what they need from the values as they were
 * written, so that a mistake elsewhere hides none of theirs.
 */
const RULES: readonly Rule[] = [
  revisionRunsOnKubernetes,
  poolNames,
  poolSizes,
  namespaceNames,
  workloadNames,
  workloadNamespaces,
  oneReference,
  credentialsFitUrl,
];

/** Every rule that the values break. */
export function violations(values: Values): readonly Violation[] {
  return RULES.flatMap((rule) => rule(values));
}

/** @see https://learn.microsoft.com/azure/aks/istio-support-policy#aks-compatibility */
function revisionRunsOnKubernetes(values: Values): readonly Violation[] {
  const revision = read(Revision, values, ["mesh", "revision"]);
  const kubernetesVersion = read(KubernetesVersion, values, ["cluster", "kubernetesVersion"]);
  const plan = read(Plan.default("KubernetesOfficial"), values, ["cluster", "supportPlan"]);
  if (revision === undefined || kubernetesVersion === undefined || plan === undefined) return [];
  const { fits, range } = kubernetesFit(revision, kubernetesVersion, plan);
  if (fits !== false) return [];
  const revisions = revisionsFor({ kubernetesVersion, plan }).map((entry) => entry.revision);
  const revisionsText = revisions.length === 0 ? "no known revision" : revisions.join(", ");
  const versions =
    range === undefined ? "no Kubernetes version" : `Kubernetes ${range.oldest} to ${range.newest}`;
  return [
    {
      steps: ["mesh", "revision"],
      rule: `does not run on Kubernetes ${kubernetesVersion} under the support plan ${plan}: it runs on ${versions}, and Kubernetes ${kubernetesVersion} runs ${revisionsText}`,
    },
  ];
}

/** @see https://learn.microsoft.com/azure/aks/create-node-pools#limitations */
function poolNames(values: Values): readonly Violation[] {
  const pools = valueAt(values, ["cluster", "userPools"]);
  if (!isMap(pools)) return [];
  const steps = ["cluster", "userPools"];
  if (Object.keys(pools).length === 0) {
    return [{ steps, rule: "must have a pool: the system pool takes no workloads" }];
  }
  return Object.keys(pools).flatMap((name): Violation[] => {
    const rule =
      name === "system"
        ? "is the name of the system pool; choose another"
        : "is no name of a pool: at most 12 lower case letters and digits, a letter first";
    const legal = /^[a-z][a-z0-9]{0,11}$/.test(name) && name !== "system";
    return legal ? [] : [{ steps: [...steps, name], rule, aside: true }];
  });
}

function poolSizes(values: Values): readonly Violation[] {
  const userPools = valueAt(values, ["cluster", "userPools"]);
  const names = isMap(userPools) ? Object.keys(userPools) : [];
  const pools: Step[][] = [["systemPool"], ...names.map((name) => ["userPools", name])];
  return pools.flatMap((pool): Violation[] => {
    const [minimum, maximum] = ["minCount", "maxCount"].map((key) =>
      read(NodeCount, values, ["cluster", ...pool, key]),
    );
    if (minimum === undefined || maximum === undefined || minimum <= maximum) return [];
    return [
      {
        steps: ["cluster", ...pool, "maxCount"],
        rule: `must not be less than minCount, which is ${minimum}`,
      },
    ];
  });
}

/** Namespaces that are there before the program is: Kubernetes', AKS' and Flux' own. */
const TAKEN = /^(default|flux-system|gatekeeper-system|kube-.*|aks-istio-.*)$/;

function namespaceNames(values: Values): readonly Violation[] {
  return names(values, "namespaces").flatMap((name): Violation[] => {
    const problem = TAKEN.test(name)
      ? "belongs to Kubernetes, AKS or Flux; choose another name"
      : namespaceNameProblem(name);
    return problem === undefined
      ? []
      : [{ steps: ["namespaces", name], rule: `the name ${problem}`, aside: true }];
  });
}

function workloadNames(values: Values): readonly Violation[] {
  return names(values, "workloads").flatMap((name): Violation[] => {
    const problem = namespaceNameProblem(name);
    return problem === undefined
      ? []
      : [{ steps: ["workloads", name], rule: `the name ${problem}`, aside: true }];
  });
}

function workloadNamespaces(values: Values): readonly Violation[] {
  if (!isMap(values["namespaces"])) return [];
  const declared = names(values, "namespaces");
  const takenBy = new Map<string, string>();
  return names(values, "workloads").flatMap((name): Violation[] => {
    const steps = ["workloads", name, "namespace"];
    const namespace = valueAt(values, steps);
    if (typeof namespace !== "string" || namespace === "") return [];
    const other = takenBy.get(namespace);
    takenBy.set(namespace, name);
    if (!declared.includes(namespace)) {
      const meant = closest(namespace, declared);
      const wayOut = meant === undefined ? "add it to them" : `did you mean ${meant}?`;
      return [{ steps, rule: `is none of the namespaces of the stack; ${wayOut}` }];
    }
    if (other === undefined) return [];
    return [{ steps, rule: `already holds ${other}; give each sample a namespace of its own` }];
  });
}

function oneReference(values: Values): readonly Violation[] {
  const steps = ["gitops", "reference"];
  const reference = valueAt(values, steps);
  if (!isMap(reference)) return [];
  const given = Object.keys(reference).filter((key) =>
    ["branch", "tag", "semver", "commit"].includes(key),
  );
  if (given.length === 1) return [];
  const found = given.length === 0 ? "none" : given.join(" and ");
  return [
    {
      steps,
      rule: `must have exactly one of branch, tag, semver and commit, and has ${found}`,
      aside: true,
    },
  ];
}

/** @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#git-repository-source-arguments */
function credentialsFitUrl(values: Values): readonly Violation[] {
  const url = read(RepositoryUrl, values, ["gitops", "url"]);
  if (url === undefined) return [];
  const has = (key: string) => valueAt(values, ["gitops", key]) !== undefined;
  const ssh = url.startsWith("ssh:");
  const foreign = ssh ? ["httpsUser", "httpsKey"] : ["sshPrivateKey", "sshKnownHosts"];
  const own = ssh ? ["sshPrivateKey", "sshKnownHosts"] : ["httpsUser", "httpsKey"];
  const asked = ssh || own.some(has);
  return [
    ...foreign.filter(has).map((key) => ({
      steps: ["gitops", key],
      rule: `has no use with ${ssh ? "an ssh" : "an https"} URL; remove it`,
      aside: true,
    })),
    ...own
      .filter((key) => asked && !has(key))
      .map((key) => ({
        steps: ["gitops", key],
        rule: `must be given with ${ssh ? "an ssh URL" : own.filter(has).join("")}`,
      })),
  ];
}

/** The names under a key that holds things by name. */
function names(values: Values, key: string): readonly string[] {
  const things = values[key];
  return isMap(things) ? Object.keys(things) : [];
}

/** A value that is sound in itself; undefined where it is not, which is then reported for itself. */
function read<T>(schema: z.ZodType<T>, values: Values, steps: readonly Step[]): T | undefined {
  return schema.safeParse(valueAt(values, steps)).data;
}
