import { readFileSync } from "node:fs";
import { LineCounter, isMap, parseDocument } from "yaml";
import type { Pair } from "yaml";
import type { Step } from "../../settings/core/path.ts";
import { stepsAt } from "../../yaml/fieldPath.ts";
import { keyOf, pairOf, positionBelow, positionOf } from "../../yaml/positions.ts";
import type { Position } from "../../yaml/positions.ts";

/** `aks-istio:cluster`, followed by the rest of a path or sentence. */
const KEY = /(?<![\w./:-])[\w./-]+(?::[\w./-]*[\w/-])+/g;

/** The positions of the settings in a stack file. Empty if the file is not valid YAML. */
export class StackFilePositions {
  readonly #document: ReturnType<typeof parseDocument>;
  readonly #lines = new LineCounter();
  readonly #keys = new Map<string, Pair>();
  readonly #namespaces: ReadonlySet<string>;
  readonly #config: Pair | undefined;

  /** @param project name of the project, which may have no settings in the file */
  constructor(text: string, project: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const { contents } = this.#document;
    this.#config = isMap(contents) ? pairOf(contents, "config") : undefined;
    const settings = this.#config?.value;
    for (const pair of isMap(settings) ? settings.items : []) {
      const key = keyOf(pair);
      this.#keys.set(key, pair);
      // A key without a namespace belongs to the project.
      if (!key.includes(":")) this.#keys.set(`${project}:${key}`, pair);
      // The spelling of old stack files.
      this.#keys.set(key.replace(/^([^:]+):config:([^:]+)$/, "$1:$2"), pair);
    }
    this.#namespaces = new Set([project, ...[...this.#keys.keys()].map(namespaceOf)]);
  }

  /** Undefined if the file cannot be read. */
  static of(file: string, project: string): StackFilePositions | undefined {
    try {
      return new StackFilePositions(readFileSync(file, "utf8"), project);
    } catch {
      return undefined;
    }
  }

  /** The position of a setting, or of its closest ancestor in the file; undefined if its key is not in the file. */
  at(key: string, steps: readonly Step[]): Position | undefined {
    const found = this.#keys.get(key);
    if (found === undefined) return undefined;
    const source = { document: this.#document, lines: this.#lines };
    return positionBelow(found.value, steps, source) ?? this.#positionOf(found.key);
  }

  /** The position of the first setting that a sentence names, by its path as in `pulumi config set --path`. */
  mentionedIn(sentence: string): Position | undefined {
    const [, alone = ""] = /^\s*([^\s:]+):(?=\s)/.exec(sentence) ?? [];
    if (this.#keys.has(alone)) return this.at(alone, []);
    for (const { 0: token, index } of sentence.matchAll(KEY)) {
      for (
        let key = token;
        key.includes(":");
        key = key.slice(0, Math.max(0, key.lastIndexOf(".")))
      ) {
        if (this.#keys.has(key)) return this.at(key, stepsAt(sentence, index + key.length));
      }
      // A missing setting belongs to the config section. A type token has one more part.
      const setting = /^[^:]+:(config:)?[^:]+$/.test(token);
      if (setting && this.#namespaces.has(namespaceOf(token))) {
        return this.#positionOf(this.#config?.key);
      }
    }
    return undefined;
  }

  #positionOf(node: unknown): Position | undefined {
    return positionOf(node, this.#lines);
  }
}

function namespaceOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(":")));
}
