import type { Properties } from "../../offline/plan/values.ts";

/** A created resource. */
export interface Existing {
  readonly id: string;
  readonly type: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The existing resources, by ID. IDs are case-insensitive. */
export class Cloud {
  readonly #resources = new Map<string, Existing>();
  readonly #everMade = new Set<string>();

  get all(): readonly Existing[] {
    return [...this.#resources.values()];
  }

  find(id: string): Existing | undefined {
    return this.#resources.get(id.toLowerCase());
  }

  /** Whether it was ever created here. If not, it may already exist in the user's own subscription. */
  wasMade(id: string): boolean {
    return this.#everMade.has(id.toLowerCase());
  }

  put(resource: Existing): void {
    const key = resource.id.toLowerCase();
    this.#resources.set(key, resource);
    this.#everMade.add(key);
  }

  /** Deletes a resource with its children and its extensions. */
  delete(id: string): void {
    const gone = id.toLowerCase();
    for (const key of [...this.#resources.keys()]) {
      if (key === gone || key.startsWith(`${gone}/`)) this.#resources.delete(key);
    }
  }
}
