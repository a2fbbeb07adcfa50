import { readFileSync } from "node:fs";
import { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from "yaml";
import type { Node, Pair, YAMLMap } from "yaml";
import type { Step } from "../../settings/core/path.ts";

export interface Position {
  /** Starts at 1, as does the column. */
  readonly line: number;
  readonly column: number;
}

/** `aks-istio:cluster`, followed by the rest of a path or sentence. */
const KEY = /(?<![\w./:-])[\w./-]+(?::[\w./-]*[\w/-])+/g;
const STEP = /\.([\w-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/y;

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
      const key = textOf(pair);
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
    let position = this.#positionOf(found.key);
    let value: unknown = found.value;
    for (const step of steps) {
      const container: unknown = isAlias(value) ? value.resolve(this.#document) : value;
      let next: unknown;
      if (isMap(container)) {
        const pair = pairOf(container, String(step));
        [next, value] = [pair?.key, pair?.value];
      } else if (isSeq(container) && typeof step === "number") {
        next = value = container.items[step];
      }
      if (next === undefined) break;
      position = this.#positionOf(next) ?? position;
    }
    return position;
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
        if (this.#keys.has(key)) return this.at(key, stepsOf(sentence, index + key.length));
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
    const [start] = (node as Partial<Node> | undefined)?.range ?? [];
    if (start === undefined) return undefined;
    const { line, col: column } = this.#lines.linePos(start);
    return { line, column };
  }
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => textOf(pair) === key);
}

function textOf(pair: unknown): string {
  return isPair(pair) && isScalar(pair.key) ? String(pair.key.value) : "";
}

function namespaceOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(":")));
}

function stepsOf(sentence: string, start: number): Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = start;
  for (let match = STEP.exec(sentence); match !== null; match = STEP.exec(sentence)) {
    const [, name, index, quoted] = match;
    if (name !== undefined) steps.push(name);
    else if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(unquoted(quoted));
  }
  return steps;
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
