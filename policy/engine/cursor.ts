import { UnknownValueError } from "@pulumi/policy";

/** A path into properties: names of fields and indices of lists. */
export type Path = readonly (string | number)[];

/** A value that Pulumi learns only while it deploys: whose it is, and where. */
export class Unknown {
  readonly owner: string;
  readonly path: string;

  constructor(owner: string, path: Path) {
    this.owner = owner;
    this.path = written(path);
  }
}

/** A value, its absence, or that nobody can know it yet. */
export type Read<Value> = Value | undefined | Unknown;

/**
 * A place in a resource's properties, where an unknown value is an answer like any other.
 *
 * The SDK throws on the first unknown value that a policy touches, and turns whatever the policy would have said into
 * an advisory. So properties are read only here, one field at a time, and never spread, copied or listed by value.
 */
export class Cursor {
  /** Whose properties these are, for messages: `ManagedCluster "orders"`. */
  readonly owner: string;
  readonly #root: unknown;
  readonly #path: Path;

  constructor(owner: string, root: unknown, path: Path = []) {
    this.owner = owner;
    this.#root = root;
    this.#path = path;
  }

  at(...path: Path): Cursor {
    return new Cursor(this.owner, this.#root, [...this.#path, ...path]);
  }

  /** The same place, called by another name: a template's place is its workload's. */
  ownedBy(owner: string): Cursor {
    return new Cursor(owner, this.#root, this.#path);
  }

  /** The place as a person writes it: `metadata.labels["istio.io/rev"]`. */
  get path(): string {
    return written(this.#path);
  }

  /** The value as it is. Null is absence, and so is whatever lies below a value that has no fields. */
  read(): unknown {
    let value = this.#root;
    for (const [depth, key] of this.#path.entries()) {
      if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
      try {
        value = Reflect.get(value, key);
      } catch (error) {
        if (!(error instanceof UnknownValueError)) throw error;
        return new Unknown(this.owner, this.#path.slice(0, depth + 1));
      }
    }
    return value ?? undefined;
  }

  /** A text; numbers and flags as they are written. */
  text(): Read<string> {
    const value = this.read();
    if (value instanceof Unknown || typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  }

  flag(): Read<boolean> {
    const value = this.read();
    return value instanceof Unknown || typeof value === "boolean" ? value : undefined;
  }

  /** The names of an object's fields, whether or not their values are known. */
  keys(): Read<readonly string[]> {
    const value = this.read();
    if (value instanceof Unknown) return value;
    return isRecord(value) ? Object.keys(value) : undefined;
  }

  /** The places of a list's elements, whether or not their values are known. */
  items(): Read<readonly Cursor[]> {
    const value = this.read();
    if (value instanceof Unknown) return value;
    if (!Array.isArray(value)) return undefined;
    return Array.from({ length: value.length }, (_, index) => this.at(index));
  }

  /** Whether nothing is here, and a value can be written. */
  get free(): boolean {
    if (this.read() !== undefined) return false;
    const container = this.#container();
    const holder = container.read();
    return holder === undefined ? this.#path.length > 1 && container.free : isRecord(holder);
  }

  /** Sets the value, in objects that are made where there are none. For remediations, whose properties may be written. */
  write(value: unknown): void {
    const container = this.#container();
    if (this.#path.length > 1 && container.read() === undefined) container.write({});
    this.#change((object, key) => Reflect.set(object, key, value));
  }

  /** Removes the field. For remediations, whose properties may be written. */
  remove(): void {
    this.#change((container, key) => Reflect.deleteProperty(container, key));
  }

  #container(): Cursor {
    return new Cursor(this.owner, this.#root, this.#path.slice(0, -1));
  }

  #change(change: (container: object, key: string | number) => boolean): void {
    const key = this.#path.at(-1);
    const container = this.#container().read();
    const changeable = isObject(container) && !(container instanceof Unknown);
    if (key === undefined || !changeable || !change(container, key)) {
      throw new Error(`${this.owner} has no ${this.path} that could be changed.`);
    }
  }
}

/** Of places that mean the same in different versions of a provider, the one that is set; the first where none is. */
export function firstSet(properties: Cursor, paths: string | readonly string[]): Cursor {
  const places = [paths].flat().map((path) => properties.at(...path.split(".")));
  const [first = properties] = places;
  return places.find((place) => place.read() !== undefined) ?? first;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** An object with fields, known as one. */
function isRecord(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value) && !(value instanceof Unknown);
}

function written(path: Path): string {
  return path
    .map((key, depth) => {
      if (typeof key === "number") return `[${key}]`;
      if (!/^[\w-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
      return depth === 0 ? key : `.${key}`;
    })
    .join("");
}
