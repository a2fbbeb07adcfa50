/** A path into properties: names of fields and indices of lists. */
export type Path = readonly (string | number)[];

/** The kind of value that a place requires, and the kind that was found. */
interface Misfit {
  readonly wanted: "true or false" | "a string" | "a list" | "an object";
  readonly found: string;
}

/** A value that no rule can read, with its owner and path. */
export class Unknown {
  readonly owner: string;
  readonly path: string;
  /** Absent if Pulumi learns the value only during the deployment. */
  readonly misfit: Misfit | undefined;

  constructor(owner: string, path: Path, misfit?: Misfit) {
    this.owner = owner;
    this.path = written(path);
    this.misfit = misfit;
  }
}

/** A value, `undefined` if it is absent, or `Unknown` if it cannot be read. */
export type Read<Value> = Value | undefined | Unknown;

/** How a value of the wrong kind is read. */
export type Reading = "lenient" | "strict";

/**
 * A place in a resource's properties. An unknown value is a normal result of reading it.
 *
 * The SDK throws on the first unknown value that a policy touches, and turns the policy's result into an advisory. So
 * properties are read only here, one field at a time, and never spread, copied or listed by value.
 */
export class Cursor {
  /** The owner of the properties, for messages: `ManagedCluster "orders"`. */
  readonly owner: string;
  readonly #root: unknown;
  readonly #path: Path;
  readonly #reading: Reading;

  /**
   * @param reading `lenient` reads a value of the wrong kind as absent, because the API server rejects such an object.
   * `strict` reads it as unknown: Azure's providers convert values such as the string `"true"`, and a rule that skipped
   * the value would pass in silence.
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

  /** The same place with another owner: messages about a pod template name its workload. */
  ownedBy(owner: string): Cursor {
    return new Cursor(owner, this.#root, this.#path, this.#reading);
  }

  /** The path in the notation of messages: `metadata.labels["istio.io/rev"]`. */
  get path(): string {
    return written(this.#path);
  }

  /** The raw value; `undefined` if it is absent or null. */
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
        if (!isOfUnknownValue(error)) throw error;
        return new Unknown(this.owner, this.#path.slice(0, depth + 1));
      }
    }
    return value ?? undefined;
  }

  /** The value as a string; numbers and booleans are converted. */
  text(): Read<string> {
    const value = this.read();
    if (value === undefined || value instanceof Unknown || typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean"
      ? String(value)
      : this.#misfit("a string", value);
  }

  /** The value as a boolean; strict reading also accepts the strings "true" and "false", as the classic provider does. */
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

  /** Whether there is no value here and one can be written. */
  get free(): boolean {
    if (this.read() !== undefined) return false;
    const container = this.#container();
    const holder = container.read();
    return holder === undefined ? this.#path.length > 1 && container.free : isRecord(holder);
  }

  /** Sets the value, and creates missing objects on the way. Only for remediations, whose properties are writable. */
  write(value: unknown): void {
    const container = this.#container();
    if (this.#path.length > 1 && container.read() === undefined) container.write({});
    this.#change((object, key) => Reflect.set(object, key, value));
  }

  /** Removes the field. Only for remediations, whose properties are writable. */
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
      throw new Error(`${this.owner} has no ${this.path} that can be changed.`);
    }
  }
}

/** The place that is set, among places that mean the same in different provider versions; the first one if none is set. */
export function firstSet(properties: Cursor, paths: string | readonly string[]): Cursor {
  const places = [paths].flat().map((path) => properties.at(...path.split(".")));
  const [first = properties] = places;
  return places.find((place) => place.read() !== undefined) ?? first;
}

/** The kind of a value, without the value itself, which may be a misplaced secret. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  return `a ${typeof value}`;
}

/** Recognized by its name, because loading the SDK for its class takes most of a second. */
function isOfUnknownValue(error: unknown): boolean {
  return error instanceof Error && error.constructor.name === "UnknownValueError";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Whether a value is an object with fields, not a list or an unknown value. */
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
