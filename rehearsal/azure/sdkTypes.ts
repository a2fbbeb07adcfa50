import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A property as the provider's SDK declares it. */
export interface Declared {
  readonly name: string;
  readonly required: boolean;
  readonly type: DeclaredType;
}

export type DeclaredType =
  | { readonly is: "string" | "number" | "boolean" | "any" }
  /** The values of an enumeration; an open one may have newer values. */
  | { readonly is: "enum"; readonly open: boolean; readonly values: readonly string[] }
  | { readonly is: "list" | "map"; readonly of: DeclaredType }
  | { readonly is: "object"; readonly side: Side; readonly module: string; readonly name: string };

/** The types of inputs and outputs. */
type Side = "inputs" | "outputs";

const FILES = { inputs: "input.d.ts", outputs: "output.d.ts" } as const;

/**
 * The API's model of resources, read from the declarations of the provider's SDK, which are generated from that model.
 * They contain required properties, types and enumerations, but no patterns.
 */
export class SdkTypes {
  readonly #directory: string | undefined;
  readonly #known = new Map<string, readonly Declared[]>();
  readonly #files = new Map<string, string>();

  /** @param packageFile The SDK's package.json; undefined for no types. */
  constructor(packageFile: string | undefined) {
    this.#directory = packageFile === undefined ? undefined : dirname(packageFile);
  }

  /**
   * The properties of a resource such as `containerservice`, `ManagedCluster`; undefined if the SDK does not have it.
   */
  resource(side: Side, module: string, name: string): readonly Declared[] {
    return this.#remember(`${side} of ${module}:${name}`, () => {
      const file = join(module, `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`);
      const heading =
        side === "inputs" ? `export interface ${name}Args {` : `export declare class ${name} `;
      return this.#members(this.#text(file), heading);
    });
  }

  /** The properties of a nested object. */
  object({ side, module, name }: Extract<DeclaredType, { is: "object" }>): readonly Declared[] {
    return this.#remember(`${side}.${module}.${name}`, () => {
      const text = this.#text(join("types", FILES[side]));
      const start = text.indexOf(`export declare namespace ${module} {`);
      if (start < 0) return [];
      const end = text.indexOf("\nexport declare namespace ", start + 1);
      return this.#members(text.slice(start, end < 0 ? undefined : end), `    interface ${name} {`);
    });
  }

  #members(text: string, heading: string): readonly Declared[] {
    const start = text.indexOf(heading);
    if (start < 0) return [];
    const indent = /^ */.exec(heading)?.[0] ?? "";
    const body = text.slice(start, text.indexOf(`\n${indent}}`, start));
    const withoutComments = body.replace(/\/\*\*[\s\S]*?\*\//g, "");
    const member = new RegExp(
      `^${indent} {4}(?:readonly )?(\\w+)(\\??): ((?:[^{;]|\\{[^}]*\\})*);$`,
      "gm",
    );
    return [...withoutComments.matchAll(member)].map(([, name = "", optional, type = ""]) => ({
      name,
      required: optional === "",
      type: this.#type(type),
    }));
  }

  #type(declared: string): DeclaredType {
    const text = declared.trim().replace(/ \| undefined$/, "");
    const wrapped = /^pulumi\.(?:Input|Output)<([\s\S]*)>$/.exec(text)?.[1];
    if (wrapped !== undefined) return this.#type(wrapped);
    const item = /^([\s\S]*)\[\]$/.exec(text)?.[1];
    if (item !== undefined) return { is: "list", of: this.#type(item) };
    const value = /^\{\s*\[key: string\]: ([\s\S]*);\s*\}$/.exec(text)?.[1];
    if (value !== undefined) return { is: "map", of: this.#type(value) };
    const [, side, module, name] = /^(inputs|outputs)\.(\w+)\.(\w+)$/.exec(text) ?? [];
    if (side !== undefined && module !== undefined && name !== undefined) {
      return { is: "object", side: side as Side, module, name };
    }
    const [, open, enumModule, enumName] = /^(string \| )?enums\.(\w+)\.(\w+)$/.exec(text) ?? [];
    if (enumModule !== undefined && enumName !== undefined) {
      const values = this.#values(enumModule, enumName);
      return { is: "enum", open: open !== undefined, values };
    }
    return text === "string" || text === "number" || text === "boolean"
      ? { is: text }
      : { is: "any" };
  }

  /** The values of an enumeration. */
  #values(module: string, name: string): readonly string[] {
    const text = this.#text(join("types", "enums", module, "index.d.ts"));
    const start = text.indexOf(`export declare const ${name}: {`);
    if (start < 0) return [];
    const body = text.slice(start, text.indexOf("\n};", start));
    return [...body.matchAll(/^ {4}readonly \w+: "([^"]*)";/gm)].map(([, value = ""]) => value);
  }

  #remember(key: string, read: () => readonly Declared[]): readonly Declared[] {
    const known = this.#known.get(key) ?? read();
    this.#known.set(key, known);
    return known;
  }

  #text(file: string): string {
    if (this.#directory === undefined) return "";
    const text = this.#files.get(file) ?? contentOf(join(this.#directory, file));
    this.#files.set(file, text);
    return text;
  }
}

/** Empty if the file does not exist: the kinds depend on the version of the SDK. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
