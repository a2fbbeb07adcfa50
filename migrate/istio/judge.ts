import type { Manifest } from "../../manifests/manifest.ts";
import { identityOf } from "../../manifests/manifest.ts";
import type { Judged } from "./editedFiles.ts";
import { dropped } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { fluxFindings } from "./flux.ts";
import { gatewayServiceFindings } from "./gatewayServices.ts";
import { injectionMarkFindings } from "./injectionMarks.ts";
import { distributionFindings, installationFindings } from "./installation.ts";
import { istioKindFindings } from "./istioKinds.ts";
import { subjectOf } from "../report.ts";
import { namespaceLabelFindings } from "./namespaces.ts";
import { podFindings } from "./pods.ts";
import { referenceFindings } from "./references.ts";
import { addonNamespace, namespaceFindings } from "./rootNamespace.ts";
import { variableFindings } from "./revisionVariables.ts";
import { selectorFindings } from "./selectors.ts";
import { trustFindings } from "./trust.ts";
import { trustDomainFindings } from "./trustDomains.ts";
import type { World } from "./world.ts";

const PATCH = "It patches a part of the self-installed Istio.";

/** What is said of each object. */
export function judged(manifests: readonly Manifest[], world: World): readonly Judged[] {
  const installed = new Map(
    manifests.flatMap((manifest) => {
      const findings = installationFindings(manifest, world);
      return findings === undefined ? [] : [[manifest, findings] as const];
    }),
  );
  // A patch of an object that ends may have none of its labels.
  const own = new Set([...installed.keys()].map(identityOf).filter((one) => one !== undefined));
  for (const manifest of manifests) {
    if (installed.has(manifest) || !own.has(identityOf(manifest) ?? "")) continue;
    installed.set(manifest, [
      ...gatewayServiceFindings(manifest),
      dropped(subjectOf(manifest), PATCH),
    ]);
  }
  const ended = new Set([...installed.keys()].map(({ kind, name = "" }) => `${kind} ${name}`));
  const used = new Set(
    manifests
      .filter((one) => !installed.has(one) && one.kind !== "Namespace")
      .filter((one) => addonNamespace(one, world) === undefined)
      .map((one) => world.namespaceOf(one)),
  );
  return manifests.map((manifest) => ({
    manifest,
    findings: installed.get(manifest) ??
      rootFindings(manifest, world, used) ?? [
        ...distributionFindings(manifest),
        ...istioKindFindings(manifest, world),
        ...trustFindings(manifest),
        ...trustDomainFindings(manifest, world),
        ...namespaceLabelFindings(manifest, world),
        ...podFindings(manifest, world),
        ...injectionMarkFindings(manifest, world.revision),
        ...variableFindings(manifest, world),
        ...selectorFindings(manifest, world),
        ...namespaceFindings(manifest, world),
        ...referenceFindings(manifest, world),
        ...fluxFindings(manifest, ended),
      ],
  }));
}

/** The namespace of the own Istio ends with it, unless other objects stay there. */
function rootFindings(
  manifest: Manifest,
  { roots }: World,
  used: ReadonlySet<string | undefined>,
): readonly Finding[] | undefined {
  const { kind, name = "" } = manifest;
  if (kind !== "Namespace" || !roots.has(name) || used.has(name)) return undefined;
  return [
    dropped(
      subjectOf(manifest),
      "The add-on has namespaces of its own, and nothing else is in it.",
    ),
  ];
}
