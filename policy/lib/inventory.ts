import type { Resource, Subject, Thing } from "./resource.ts";

/** Resources, found by type without going through all of them. */
export class Inventory {
  readonly #byType = new Map<string, Map<string, Resource>>();

  constructor(resources: Iterable<Resource> = []) {
    for (const resource of resources) this.add(resource);
  }

  add(resource: Resource): void {
    const ofType = this.#byType.get(resource.type) ?? new Map<string, Resource>();
    this.#byType.set(resource.type, ofType.set(resource.urn, resource));
  }

  find(type: string, urn: string): Resource | undefined {
    return this.#byType.get(type)?.get(urn);
  }

  holding<Found extends Thing>({ matches }: Pick<Subject<Found>, "matches">): Resource[] {
    return [...this.#byType].flatMap(([type, resources]) =>
      matches(type) ? [...resources.values()] : [],
    );
  }

  all<Found extends Thing>(subject: Subject<Found>): readonly Found[] {
    return this.holding(subject).flatMap((resource) => subject.in(resource));
  }
}
