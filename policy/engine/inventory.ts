import type { Resource, TargetKind, Target } from "./resource.ts";

/** Resources, indexed by type. */
export class Inventory {
  readonly #byType = new Map<string, Map<string, Resource>>();
  /** A cache of previous results, because many rules ask for the same kind. It grows as resources are added. */
  readonly #found = new Map<TargetKind<Target>, Target[]>();

  constructor(resources: Iterable<Resource> = []) {
    for (const resource of resources) this.add(resource);
  }

  add(resource: Resource): void {
    const ofType = this.#byType.get(resource.type) ?? new Map<string, Resource>();
    const seenBefore = ofType.has(resource.urn);
    this.#byType.set(resource.type, ofType.set(resource.urn, resource));
    for (const [subject, found] of this.#found) {
      if (!subject.matches(resource.type)) continue;
      if (seenBefore) this.#found.delete(subject);
      else found.push(...subject.in(resource));
    }
  }

  find(type: string, urn: string): Resource | undefined {
    return this.#byType.get(type)?.get(urn);
  }

  holding<Found extends Target>({ matches }: Pick<TargetKind<Found>, "matches">): Resource[] {
    return [...this.#byType].flatMap(([type, resources]) =>
      matches(type) ? [...resources.values()] : [],
    );
  }

  all<Found extends Target>(subject: TargetKind<Found>): readonly Found[] {
    // The cache is keyed by the kind, so the targets have the kind's type.
    const known = this.#found.get(subject) as Found[] | undefined;
    if (known !== undefined) return known;
    const found = this.holding(subject).flatMap((resource) => subject.in(resource));
    this.#found.set(subject, found);
    return found;
  }
}
