import { toSvg } from "../drawing/svg.ts";
import type { LayOut } from "../drawing/layout.ts";
import type { Graph } from "../drawing/graph.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { Mesh } from "../mesh/mesh.ts";
import type { FindingsOf } from "../pictures/apps.ts";
import { meshInSentences } from "../pictures/description.ts";
import { picturesOf } from "../pictures/pictures.ts";
import type { Anchors } from "./anchors.ts";
import { linked } from "./judgement.ts";
import { LEGEND } from "./legend.ts";
import { meshTables } from "./meshTables.ts";
import type { Section } from "./section.ts";

/** The meshes of a plan, in pictures and in tables; undefined if it has none. */
export function meshSection(
  meshes: readonly Mesh[],
  layOut: LayOut,
  anchors: Anchors,
  findingsOf: FindingsOf,
): Section | undefined {
  if (meshes.length === 0) return undefined;
  return {
    ...{ id: "mesh", title: meshes.length === 1 ? "Mesh" : "Meshes" },
    body: markup`${meshes.map((mesh, i) => meshOf(mesh, `mesh-${i + 1}`, layOut, anchors, findingsOf))}`,
  };
}

function meshOf(
  mesh: Mesh,
  id: string,
  layOut: LayOut,
  anchors: Anchors,
  findingsOf: FindingsOf,
): Markup {
  const { main, namespaces } = picturesOf(mesh, findingsOf);
  const picture = (graph: Graph, of: string, title: string, description: string) =>
    markup`<div class="wide" role="region" aria-label="${title}" tabindex="0">${toSvg(layOut(graph), { id: of, title, description })}</div>\n`;
  const inWords = meshInSentences(mesh);
  const parts = namespaces.map(({ name, graph }, i) => {
    const description = `The workloads of the namespace ${name} and who may call them. The tables below say the same.`;
    return markup`<details><summary>Namespace <b>${name}</b></summary>
${picture(graph, `${id}-${i + 1}`, `Namespace ${name}`, description)}</details>
`;
  });
  return markup`<h3>${linked(anchors.of(mesh.urn), mesh.name)}</h3>
${factsOf(mesh)}<figure>
${picture(main, id, `Mesh of ${mesh.name}`, inWords)}<figcaption>${LEGEND}</figcaption>
</figure>
${notShownOf(mesh)}${parts}<details><summary>The same in tables, with the reasons</summary>
${meshTables(mesh, anchors)}</details>
`;
}

const PHASES: Readonly<Record<NonNullable<Mesh["phase"]>, string>> = {
  none: "no upgrade under way",
  prepared: "prepared: the new revision has its shared ConfigMap, and does not run yet",
  canary: "canary: both revisions run, and some namespaces follow the new one",
  promoted: "promoted: both revisions run, and every namespace follows the new one",
};

function factsOf({ addon, revisions, phase, mtls, configMaps }: Mesh): Markup {
  const facts: readonly (readonly [string, string])[] =
    addon === "no"
      ? [["Istio add-on", "not enabled"]]
      : [
          ["Revisions", revisions?.join(", ") ?? "not known"],
          ["Canary upgrade", phase === undefined ? "not known" : PHASES[phase]],
          ["Mutual TLS of the mesh", mtls === "unknown" ? "not known" : mtls],
          ["Shared ConfigMaps", configMaps.length === 0 ? "none" : configMaps.join(", ")],
        ];
  return markup`<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
`;
}

function notShownOf({ notShown }: Mesh): Markup | undefined {
  if (notShown.length === 0) return undefined;
  return markup`<ul class="notes">${notShown.map((sentence) => markup`<li>${sentence}</li>`)}</ul>
`;
}
