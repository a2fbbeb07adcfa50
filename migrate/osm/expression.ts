/**
 * A part of a text that a regular expression matches. `any` is any text, also none; `some` any text but none; `segment`
 * a text without a slash, but not none; `one` any single character.
 */
export type Part = { readonly text: string } | "any" | "some" | "segment" | "one";

/** What an expression matches: any of these sequences. */
export type Sequences = readonly (readonly Part[])[];

/** More alternatives would make a policy that nobody reads. */
const MOST = 32;

const REPEATED: readonly (readonly [written: string, part: Part])[] = [
  [".*", "any"],
  [".+", "some"],
  ["[^/]+", "segment"],
];

class Unreadable extends Error {}

/**
 * The texts that an expression of RE2 matches as a whole, if it consists of texts, alternatives, optional parts, small
 * sets of characters, `.*`, `.+`, `.` and `[^/]+`.
 *
 * @returns undefined for any other expression
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function sequencesOf(expression: string): Sequences | undefined {
  // The whole text must match, so these marks at the ends say nothing.
  const whole = expression.replace(/^\^/, "").replace(/(^|[^\\])\$$/, "$1");
  const reader = new Reader(whole);
  try {
    const sequences = reader.alternatives();
    return reader.isAtEnd() ? sequences.map(joined) : undefined;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Neighboring texts become one, and so do neighbors that match any text. */
function joined(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (typeof part === "object" && typeof last === "object") {
      result[result.length - 1] = { text: last.text + part.text };
    } else if (part !== "any" || (last !== "any" && last !== "some")) {
      if (part === "some" && last === "any") result.pop();
      result.push(part);
    }
  }
  return result.filter((part) => typeof part !== "object" || part.text !== "");
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  alternatives(): Sequences {
    const all = [...this.#sequence()];
    while (this.#takes("|")) all.push(...this.#sequence());
    return limited(all);
  }

  #sequence(): Sequences {
    let all: Sequences = [[]];
    while (!this.isAtEnd() && !/[|)]/.test(this.#next())) {
      const alternatives = this.#repeated(this.#item());
      all = limited(all.flatMap((one) => alternatives.map((other) => [...one, ...other])));
    }
    return all;
  }

  #item(): Sequences {
    if (this.#takes("(")) {
      this.#takes("?:");
      const inner = this.alternatives();
      if (!this.#takes(")")) throw new Unreadable();
      return inner;
    }
    for (const [written, part] of REPEATED) {
      if (!this.#takes(written)) continue;
      // It only says which of several matches is preferred.
      this.#takes("?");
      return [[part]];
    }
    if (this.#takes("[")) return this.#set();
    if (this.#takes(".")) return [["one"]];
    return [[{ text: this.#character() }]];
  }

  /** An item that may be absent. It may not be repeated in any other way. */
  #repeated(item: Sequences): Sequences {
    const all = this.#takes("?") ? [...item, []] : item;
    if (/[?*+{]/.test(this.#next())) throw new Unreadable();
    return all;
  }

  #set(): Sequences {
    const characters: string[] = [];
    while (!this.#takes("]")) {
      const character = this.#character("^[-");
      if (this.#next() === "-") throw new Unreadable();
      characters.push(character);
    }
    if (characters.length === 0) throw new Unreadable();
    return limited(characters.map((text) => [{ text }]));
  }

  /** A character that stands for itself, or one behind a backslash that is neither a letter nor a digit. */
  #character(special = "^$*+?{}[]()|."): string {
    const isEscaped = this.#takes("\\");
    if (this.isAtEnd()) throw new Unreadable();
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    if (isEscaped ? /\w/.test(character) : special.includes(character)) throw new Unreadable();
    this.#at += character.length;
    return character;
  }

  #next(): string {
    return this.#text.charAt(this.#at);
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }
}

function limited(sequences: Sequences): Sequences {
  if (sequences.length > MOST) throw new Unreadable();
  return sequences;
}
