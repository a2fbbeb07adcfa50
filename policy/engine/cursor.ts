import { UnknownValueError } from "@pulumi/policy";

/** A path into properties: names of fields and indices of lists. */
export type Path = readonly (string | number)[];

/** What a place takes, and what is written there instead. */
interface Misfit {
  readonly wanted: "true or false" | "a text" | "a list" | "an object";
  readonly found: string;
}

/** A value that no rule can read: whose it is, and where. */
export class Unknown {
  readonly owner: string;
  readonly path: string;
  /** Absent where Pulumi learns the value only while it deploys. */
  readonly misfit: Misfit | undefined;

  constructor(owner: string, path: Path, misfit?: Misfit) {
    this.owner = owner;
    this.path = written(path);
    this.misfit = misfit;
  }
}

/** A value, its absence, or that nobody can read it. */
export type Read<Value> = Value | undefined | Unknown;

/** How values of another kind than is asked for are read. */
export type Reading = "lenient" | "strict";

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
  readonly #reading: Reading;

  /**
   * @param reading `lenient` takes a value of the wrong kind for none, as the API server refuses an object with one.
   * `strict` takes it for unknown: providers of Azure make something of a text `"true"`, and what a rule skips looks
   * like what is right.
   */
  constructor(owner: string, root: unknown, path: Path = [], reading: Reading = "lenient") {
    this.owner = owner;
    this.#root = root;
    this.#path = path;
    this.#reading = reading;
  }

  at(...path: Path): Cursor {
    return this.#moved([...this.#path, ...path]);
  }

  /** The same place, called by another name: a template's place is its workload's. */
  ownedBy(owner: string): Cursor {
    return new Cursor(owner, this.#root, this.#path, this.#reading);
  }

  /** The place as a person writes it: `metadata.labels["istio.io/rev"]`. */
  get path(): string {
    return written(this.#path);
  }

  /** The value as it is. Null is absence. */
  read(): unknown {
    let value = this.#root;
    for (const [depth, key] of this.#path.entries()) {
      if (value === undefined || value === null) return undefined;
      if (!isObject(value) || Array.isArray(value) !== (typeof key === "number")) {
        const wanted = typeof key === "number" ? "a list" : "an object";
        return this.#misfit(wanted, value, this.#path.slice(0, depth));
      }
      if (!Object.hasOwn(value, key)) return undefined;
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
    if (value === undefined || value instanceof Unknown || typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : this.#misfit("a text", value);
  }

  /** True or false; where reading is strict also as a text, which the classic provider takes. */
  flag(): Read<boolean> {
    const value = this.read();
    if (value === undefined || value instanceof Unknown || typeof value === "boolean") return value;
    if (this.#reading === "strict" && typeof value === "string") {
      const text = value.toLowerCase();
      if (text === "true" || text === "false") return text === "true";
    }
    return this.#misfit("true or false", value);
  }

  /** The names of an object's fields, whether or not their values are known. */
  keys(): Read<readonly string[]> {
    const value = this.read();
    if (value === undefined || value instanceof Unknown) return value;
    return isRecord(value) ? Object.keys(value) : this.#misfit("an object", value);
  }

  /** The places of a list's elements, whether or not their values are known. */
  items(): Read<readonly Cursor[]> {
    const value = this.read();
    if (value === undefined || value instanceof Unknown) return value;
    if (!Array.isArray(value)) return this.#misfit("a list", value);
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

  #misfit(wanted: Misfit["wanted"], value: unknown, path: Path = this.#path): Unknown | undefined {
    if (this.#reading === "lenient") return undefined;
    return new Unknown(this.owner, path, { wanted, found: kindOf(value) });
  }

  #container(): Cursor {
    return this.#moved(this.#path.slice(0, -1));
  }

  #moved(path: Path): Cursor {
    return new Cursor(this.owner, this.#root, path, this.#reading);
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

/** What a value is, without the value: it may be a secret that is in the wrong place. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
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
