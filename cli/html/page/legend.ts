import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";

const box = (look: string, text: string) =>
  markup`<li><svg class="picture" aria-hidden="true" width="26" height="14"><g class="box ${look}"><rect x="1" y="1" width="24" height="12" rx="3"/></g></svg>${text}</li>`;

const arrow = (look: string, tip: string, text: string) =>
  markup`<li><svg class="picture" aria-hidden="true" width="34" height="14"><g class="arrow ${look}"><path class="line" d="M1,7C8,7 16,7 25,7"/><path class="tip" d="${tip}"/></g></svg>${text}</li>`;

const TRIANGLE = "M33,7L25,3.5L25,10.5Z";

/** What the boxes and arrows of a picture mean. */
export const LEGEND: Markup = markup`<ul class="legend">
${box("member", "in the mesh, with a sidecar")}
${box("stranger", "without a sidecar, or not known")}
${box("gateway", "gateway")}
${arrow("may", TRIANGLE, "may call, or leads to")}
${arrow("perhaps", TRIANGLE, "depends on the request, or is not known")}
${arrow("blocked", "M25,1L25,13", "requests do not arrive")}
</ul>`;
