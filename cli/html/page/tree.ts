import type { Plan, PlannedResource } from "../../../offline/plan/plan.ts";
import type { Urn } from "../../../offline/plan/urn.ts";
import type { Places } from "../../reports/places.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import type { Anchors, Finding, Gap } from "./anchors.ts";
import type { Section } from "./section.ts";

/** How an object appears that a tool behind a resource creates. */
const CONTENT = "content";

/** A larger plan shows only the branches with findings open. */
const MAX_OPEN = 120;

/** The resources of a plan as a tree, with what is said about each. */
export function planSection(plan: Plan, anchors: Anchors, places: Places): Section {
  const tree = new Tree(plan, anchors, places);
  const { resources, contents } = plan;
  return {
    ...{ id: "plan", title: "Resources", count: resources.length },
    body: markup`<p class="muted">Every resource shows as new: an offline preview does not know what is deployed.${contents.length === 0 ? undefined : " Contents are objects that a tool behind a resource creates."}</p>
<ul class="tree">
${tree.below("")}</ul>
`,
  };
}

class Tree {
  readonly #children = new Map<Urn, PlannedResource[]>();
  readonly #contents: ReadonlySet<PlannedResource>;
  readonly #anchors: Anchors;
  readonly #places: Places;
  readonly #isLarge: boolean;

  constructor({ resources, contents }: Plan, anchors: Anchors, places: Places) {
    this.#anchors = anchors;
    this.#places = places;
    this.#contents = new Set(contents);
    const all = [...resources, ...contents];
    this.#isLarge = all.length > MAX_OPEN;
    for (const resource of all) {
      const siblings = this.#children.get(resource.parent);
      if (siblings === undefined) this.#children.set(resource.parent, [resource]);
      else siblings.push(resource);
    }
  }

  /** The rows of the resources below a parent. */
  below(parent: Urn): readonly Markup[] {
    return (this.#children.get(parent) ?? []).map((resource) => this.#rowOf(resource));
  }

  #rowOf(resource: PlannedResource): Markup {
    const { urn } = resource;
    const about = this.#anchors.about(urn);
    const remarks =
      about.length === 0 ? undefined : markup`<ul class="remarks">${about.map(remarkOf)}</ul>\n`;
    const children = this.below(urn);
    const line = this.#lineOf(resource);
    const id = this.#anchors.of(urn);
    if (children.length === 0) {
      return markup`<li id="${id}"><div class="row">${line}</div>\n${remarks}</li>\n`;
    }
    const isOpen = !this.#isLarge || resource.parent === "" || this.#hasFindings(urn);
    return markup`<li id="${id}"><details${isOpen ? markup` open` : undefined}><summary class="row">${line}</summary>
${remarks}<ul>
${children}</ul></details></li>
`;
  }

  #lineOf(resource: PlannedResource): Markup {
    const { type, name, op, urn } = resource;
    const place = this.#places.settingOf(urn, "") ?? this.#places.lineOf(urn);
    const how = this.#contents.has(resource) ? CONTENT : op;
    return markup`<b>${name}</b> <span class="type">${breakable(type)}</span> <span class="end">${place === undefined ? undefined : markup`<span class="place">${place.file}:${place.line}</span> `}<span class="op ${how}">${how}</span></span>`;
  }

  /** Whether a policy found something in or below a resource. */
  #hasFindings(urn: Urn): boolean {
    return (this.#children.get(urn) ?? []).some(
      (child) => this.#anchors.about(child.urn).length > 0 || this.#hasFindings(child.urn),
    );
  }
}

/** A type that a narrow page breaks between its parts, rather than within their words. */
function breakable(type: string): readonly Markup[] {
  return type.split(/(?<=:)/).map((part) => markup`${part}<wbr>`);
}

/** What is said about a resource, with a link to the whole of it. */
function remarkOf(remark: Finding | Gap): Markup {
  const { anchor } = remark;
  if ("item" in remark) {
    return markup`<li class="whole"><a href="#${anchor}"><span class="level gap">? not judged</span></a> ${remark.item.reason}</li>`;
  }
  const { policy, message } = remark;
  return policy.enforcementLevel === "mandatory"
    ? markup`<li class="whole"><a href="#${anchor}"><span class="level stops">✕ mandatory</span> ${policy.policy}</a> ${message}</li>`
    : markup`<li><a href="#${anchor}"><span class="level advises">! advisory</span> ${policy.policy}</a></li>`;
}
