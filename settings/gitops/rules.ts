import { closest } from "../../text/suggest.ts";
import { isMap, valueAt } from "../core/path.ts";
import { names } from "../core/partialValues.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";
import { NO_KUSTOMIZATIONS } from "./schema.ts";

/** The rules on the repository that Flux follows. */
export const GITOPS_RULES = [
  checkCredentials,
  requireKustomization,
  checkKustomizationNames,
  checkDependencies,
  checkVariables,
];

/** The credentials of Flux, by the protocol of the URL. */
const CREDENTIALS = {
  https: ["httpsUser", "httpsKey"],
  ssh: ["sshPrivateKey", "sshKnownHosts"],
} as const;

/** @see https://learn.microsoft.com/azure/azure-arc/kubernetes/gitops-flux2-parameters#git-repository-source-arguments */
function checkCredentials(values: Values): readonly Violation[] {
  const protocol = protocolOf(valueAt(values, ["gitops", "url"]));
  const has = (key: string) => valueAt(values, ["gitops", key]) !== undefined;
  return (["https", "ssh"] as const).flatMap((each): Violation[] => {
    const given = CREDENTIALS[each].filter(has);
    if (protocol !== undefined && protocol !== each) {
      const article = protocol === "ssh" ? "an ssh" : "an https";
      return given.map((key) => ({
        steps: ["gitops", key],
        rule: `does not apply with ${article} URL; remove it`,
        hideValue: true,
      }));
    }
    const reason = protocol === "ssh" ? "an ssh URL" : given[0];
    if (reason === undefined) return [];
    return CREDENTIALS[each]
      .filter((key) => !has(key))
      .map((key) => ({ steps: ["gitops", key], rule: `is required with ${reason}` }));
  });
}

/** The intended protocol of a URL, even if the rest is wrong; `git@host:path` is how `git clone` writes ssh. */
function protocolOf(url: unknown): keyof typeof CREDENTIALS | undefined {
  if (typeof url !== "string") return undefined;
  if (/^https?:/i.test(url)) return "https";
  return /^(ssh:|[^/:]+@[^/:]+:[^/])/i.test(url) ? "ssh" : undefined;
}

const STEPS = ["gitops", "kustomizations"] as const;

function kustomizationsIn(values: Values): readonly string[] {
  const gitops = values["gitops"];
  return isMap(gitops) ? names(gitops, "kustomizations") : [];
}

function requireKustomization(values: Values): readonly Violation[] {
  const kustomizations = valueAt(values, STEPS);
  const none = isMap(kustomizations) && Object.keys(kustomizations).length === 0;
  return none ? [{ steps: STEPS, rule: NO_KUSTOMIZATIONS }] : [];
}

/** The object that Flux reconciles is named `gitops-<name>`, and its name becomes a label value of 63 characters. */
const LONGEST_NAME = 63 - "gitops-".length;

function checkKustomizationNames(values: Values): readonly Violation[] {
  return kustomizationsIn(values)
    .filter((name) => name.length > LONGEST_NAME || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name))
    .map((name) => ({
      steps: [...STEPS, name],
      rule: `the name must consist of lowercase letters, digits and hyphens, begin and end with a letter or digit, and be at most ${LONGEST_NAME} characters long`,
      hideValue: true,
    }));
}

function checkDependencies(values: Values): readonly Violation[] {
  const all = kustomizationsIn(values);
  const after = (name: string): readonly string[] => {
    const dependsOn = valueAt(values, [...STEPS, name, "dependsOn"]);
    return Array.isArray(dependsOn) ? dependsOn.map(String) : [];
  };
  const missing = all.flatMap((name) =>
    after(name).flatMap((other, index): Violation[] => {
      if (all.includes(other)) return [];
      const meant = closest(other, all);
      const wayOut = meant === undefined ? `they are ${all.join(", ")}` : `did you mean ${meant}?`;
      return [
        {
          steps: [...STEPS, name, "dependsOn", index],
          rule: `must be one of the kustomizations; ${wayOut}`,
        },
      ];
    }),
  );
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    after(from).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  const circular = all
    .filter((name) => reaches(name, name))
    .map((name) => ({
      steps: [...STEPS, name, "dependsOn"],
      rule: "must not lead back to the kustomization itself: Flux would wait forever",
      hideValue: true,
    }));
  return [...missing, ...circular];
}

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution */
function checkVariables(values: Values): readonly Violation[] {
  return kustomizationsIn(values).flatMap((name) => {
    const substitute = valueAt(values, [...STEPS, name, "substitute"]);
    return Object.keys(isMap(substitute) ? substitute : {}).flatMap((variable): Violation[] => {
      const steps = [...STEPS, name, "substitute", variable];
      if (variable === "mesh_revision") {
        const rule = "is set by the program, from mesh.revision; remove it";
        return [{ steps, rule, hideValue: true }];
      }
      if (/^[_A-Za-z]\w*$/.test(variable)) return [];
      const rule =
        "the name of a variable must consist of letters, digits and _, and must not begin with a digit";
      return [{ steps, rule, hideValue: true }];
    });
  });
}
