import { closest } from "../../text/suggest.ts";
import { isMap, valueAt } from "../core/path.ts";
import type { Values } from "../core/partialValues.ts";
import type { Violation } from "../core/violation.ts";
import { OWN, configurationsIn } from "./configurations.ts";
import type { Written } from "./configurations.ts";
import { checkAccessKeys, checkCertificatePassword, checkCredentials } from "./credentials.ts";
import { NO_KUSTOMIZATIONS } from "./kustomization.ts";

/** The rules on each configuration. */
const RULES = [
  checkCredentials,
  checkAccessKeys,
  checkCertificatePassword,
  checkAccount,
  requireKustomization,
  checkKustomizationNames,
  checkDependencies,
  checkVariables,
];

/** The rules on Flux and its sources. */
export const GITOPS_RULES = [
  (values: Values) =>
    configurationsIn(values).flatMap((configuration) =>
      RULES.flatMap((rule) => rule(configuration)),
    ),
  checkNames,
  checkNamespaces,
  checkDrift,
];

/** The role on another account would not let Flux read this one. */
function checkAccount({ steps, at }: Written): readonly Violation[] {
  const [url, id] = [
    at("azureBlob", "url"),
    at("azureBlob", "managedIdentity", "storageAccountId"),
  ];
  if (typeof url !== "string" || typeof id !== "string" || !URL.canParse(url)) return [];
  const [ofUrl = ""] = new URL(url).hostname.split(".");
  // An ID that is no account's is reported by itself.
  const [, ofId = ofUrl] = /\/storageAccounts\/([a-z0-9]{3,24})$/i.exec(id) ?? [];
  if (ofUrl.toLowerCase() === ofId.toLowerCase()) return [];
  const rule = `is the account ${ofId}, but azureBlob.url is of the account ${ofUrl}; name the same account`;
  return [
    {
      steps: [...steps, "azureBlob", "managedIdentity", "storageAccountId"],
      rule,
      hideValue: true,
    },
  ];
}

function requireKustomization({ steps, at, kustomizations }: Written): readonly Violation[] {
  const none = isMap(at("kustomizations")) && kustomizations.length === 0;
  return none ? [{ steps: [...steps, "kustomizations"], rule: NO_KUSTOMIZATIONS }] : [];
}

/** A name of Kubernetes, without periods. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** The longest name of a configuration, so the names of its kustomizations may have as many characters. */
const LONGEST = 30;

/** The object that Flux reconciles is named `<configuration>-<name>`, and its name becomes a label value. */
function checkKustomizationNames({ name, steps, kustomizations }: Written): readonly Violation[] {
  const longest = 63 - `${name}-`.length;
  return kustomizations
    .filter((each) => each.length > longest || !NAME.test(each))
    .map((each) => ({
      steps: [...steps, "kustomizations", each],
      rule: `the name must consist of lowercase letters, digits and hyphens, begin and end with a letter or digit, and be at most ${longest} characters long`,
      hideValue: true,
    }));
}

function checkNames(values: Values): readonly Violation[] {
  return configurationsIn(values)
    .slice(1)
    .flatMap(({ name, steps }): Violation[] => {
      if (name === OWN) {
        const rule = "is the name of the platform's own configuration; choose another name";
        return [{ steps, rule, hideValue: true }];
      }
      if (name.length <= LONGEST && NAME.test(name)) return [];
      const rule = `the name must consist of lowercase letters, digits and hyphens, begin and end with a letter or digit, and be at most ${LONGEST} characters long`;
      return [{ steps, rule, hideValue: true }];
    });
}

/** The namespace of the extension and of the platform's own configuration. */
const FLUX_NAMESPACE = "flux-system";

/**
 * A configuration applies its objects with the service account of its namespace, so one in the same namespace would have
 * the rights of both.
 *
 * @see https://learn.microsoft.com/azure/azure-arc/kubernetes/conceptual-gitops-flux2#multi-tenancy
 */
function checkNamespaces(values: Values): readonly Violation[] {
  const owners = new Map<unknown, string>([[FLUX_NAMESPACE, "the platform's own configuration"]]);
  return configurationsIn(values)
    .slice(1)
    .flatMap(({ name, steps, at }) => {
      const namespace = at("namespace");
      const owner = owners.get(namespace);
      if (owner === undefined) {
        owners.set(namespace, `configurations.${name}`);
        return [];
      }
      if (namespace === undefined) return [];
      const rule = `is the namespace of ${owner}, whose service account and rights it would share; choose another`;
      return [{ steps: [...steps, "namespace"], rule }];
    });
}

function checkDrift(values: Values): readonly Violation[] {
  const at = (...steps: readonly string[]) => valueAt(values, ["gitops", "extension", ...steps]);
  const off = at("controllers", "helm-controller", "enabled") === false;
  if (at("detectDrift") !== true || !off) return [];
  const rule =
    "requires helm-controller, which controllers switches off; enable it, or remove this";
  return [{ steps: ["gitops", "extension", "detectDrift"], rule }];
}

function checkDependencies({ steps, at, kustomizations: all }: Written): readonly Violation[] {
  const within = [...steps, "kustomizations"];
  const after = (name: string): readonly string[] => {
    const dependsOn = at("kustomizations", name, "dependsOn");
    return Array.isArray(dependsOn) ? dependsOn.map(String) : [];
  };
  const missing = all.flatMap((name) =>
    after(name).flatMap((other, index): Violation[] => {
      if (all.includes(other)) return [];
      const meant = closest(other, all);
      const wayOut = meant === undefined ? `they are ${all.join(", ")}` : `did you mean ${meant}?`;
      return [
        {
          steps: [...within, name, "dependsOn", index],
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
      steps: [...within, name, "dependsOn"],
      rule: "must not lead back to the kustomization itself: Flux would wait forever",
      hideValue: true,
    }));
  return [...missing, ...circular];
}

/** @see https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution */
function checkVariables({ steps: own, at, kustomizations }: Written): readonly Violation[] {
  return kustomizations.flatMap((name) => {
    const substitute = at("kustomizations", name, "substitute");
    return Object.keys(isMap(substitute) ? substitute : {}).flatMap((variable): Violation[] => {
      const steps = [...own, "kustomizations", name, "substitute", variable];
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
