import type { Judged } from "./resources.ts";

/**
 * The files of the objects of Flux that apply the objects of one place. Several clusters may apply it with different
 * variables and patches, which the place itself does not show.
 */
export class Appliers {
  readonly #places: ReadonlyMap<string, string>;
  readonly #ofResource: ReadonlyMap<string, string>;
  readonly #ofPlace = new Map<string, Set<string>>();
  readonly #concerned = new Map<string, Set<string>>();

  /** @param places the place of each object, by URN */
  constructor(judged: readonly Judged[], places: ReadonlyMap<string, string>) {
    this.#places = places;
    this.#ofResource = new Map(
      judged.map(({ manifest, node }) => [node.urn, manifest.appliedBy?.file ?? ""]),
    );
    for (const [urn, file] of this.#ofResource) addTo(this.#ofPlace, places.get(urn) ?? urn, file);
  }

  /** Notes that a finding is about a resource. */
  concern(finding: string, urn: string): void {
    addTo(this.#concerned, finding, this.#ofResource.get(urn) ?? "");
  }

  /** The files that a finding is about, if others apply its place without it. */
  onlyOf(finding: string, urn: string): readonly string[] {
    const concerned = this.#concerned.get(finding) ?? new Set();
    const all = this.#ofPlace.get(this.#places.get(urn) ?? urn) ?? new Set();
    return concerned.size < all.size ? [...concerned].filter((file) => file !== "") : [];
  }
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  sets.set(key, (sets.get(key) ?? new Set()).add(value));
}
