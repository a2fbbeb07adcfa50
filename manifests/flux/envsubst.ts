import { isUnknownText } from "../unknownText.ts";

/**
 * Substitutes variables as Flux does: `${name}`, with the functions of its package envsubst. `$$` is a dollar sign, and a
 * dollar sign without a brace is text.
 *
 * @see https://github.com/fluxcd/pkg/tree/main/envsubst
 * @param valueOf the value of a variable; undefined if it is not set
 * @param onResult called with what each use of a variable becomes
 * @throws SubstitutionError if the text is not well-formed, or a variable without a default is not set
 */
export function substitute(
  text: string,
  valueOf: (name: string) => string | undefined,
  onResult: (name: string, result: string) => void = () => undefined,
): string {
  const parser = new Parser(text);
  const parts = parser.parseText();
  const missing = new Set<string>();
  const result = parts.map((part) => evaluated(part, { valueOf, onResult, missing })).join("");
  if (missing.size > 0) {
    const names = [...missing];
    throw new SubstitutionError(
      `${names.map((name) => `\${${name}}`).join(", ")} ${names.length === 1 ? "is" : "are"} not set and ${names.length === 1 ? "has" : "have"} no default`,
    );
  }
  return result;
}

export class SubstitutionError extends Error {}

/** Its message quotes the text. */
export class MalformedSubstitution extends SubstitutionError {}

type Part = string | Expression;

interface Expression {
  readonly name: string;
  /** Empty for the plain value. */
  readonly operator: string;
  readonly args: readonly Part[];
}

/** Text that ends before one of some characters, and the escapes in it. */
interface Until {
  readonly end: string;
  readonly escapes: boolean;
}

class Parser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parseText(): readonly Part[] {
    const parts: Part[] = [];
    while (this.#at < this.#text.length) {
      parts.push(this.#skip("${") ? this.#expression() : this.#plain());
    }
    return parts;
  }

  #plain(): string {
    let plain = "";
    while (this.#at < this.#text.length && !this.#starts("${")) {
      if (this.#starts("$$")) this.#at++;
      plain += this.#text[this.#at++] ?? "";
    }
    return plain;
  }

  #expression(): Expression {
    if (this.#skip("#")) return this.#closed(this.#name(), "#", []);
    const name = this.#name();
    const [operator = ""] = this.#match(/:[=\-?+]|=|:|[,^]{1,2}|\/[/#%]?|#{1,2}|%{1,2}/y) ?? [];
    if (operator === "" || /^[,^]/.test(operator)) return this.#closed(name, operator, []);
    if (operator === ":") return this.#substring(name);
    if (operator.startsWith("/")) return this.#replacement(name, operator);
    if (/^[#%]/.test(operator)) {
      return this.#closed(name, operator, [this.#parameter({ end: "}", escapes: false })]);
    }
    const args: Part[] = [];
    while (!this.#starts("}")) args.push(this.#parameter({ end: "}", escapes: false }));
    return this.#closed(name, operator, args);
  }

  #substring(name: string): Expression {
    const args = [this.#parameter({ end: ":}", escapes: false })];
    if (this.#match(/:+/y) !== undefined) {
      args.push(this.#parameter({ end: "}", escapes: false }));
    }
    return this.#closed(name, ":", args);
  }

  #replacement(name: string, operator: string): Expression {
    const args = [this.#parameter({ end: "/", escapes: true })];
    if (this.#match(/\/+/y) === undefined) throw this.#bad();
    if (!this.#starts("}")) args.push(this.#parameter({ end: "}", escapes: true }));
    return this.#closed(name, operator, args);
  }

  /** An expression, or at least one character of text. */
  #parameter({ end, escapes }: Until): Part {
    if (this.#skip("${")) return this.#expression();
    let plain = "";
    while (this.#at < this.#text.length && !this.#starts("${")) {
      const next = this.#text[this.#at] ?? "";
      const escaped = escapes && ["$$", "\\/", "\\\\"].some((pair) => this.#starts(pair));
      if (escaped) this.#at++;
      else if (end.includes(next)) break;
      plain += this.#text[this.#at++] ?? "";
    }
    if (plain === "") throw this.#bad();
    return plain;
  }

  #closed(name: string, operator: string, args: readonly Part[]): Expression {
    if (!this.#skip("}")) throw this.#bad();
    return { name, operator, args };
  }

  #name(): string {
    const [name] = this.#match(/[\p{L}\p{Nd}_]+/uy) ?? [];
    if (name === undefined) throw this.#bad();
    return name;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text) ?? undefined;
    this.#at += match?.[0].length ?? 0;
    return match;
  }

  #starts(text: string): boolean {
    return this.#text.startsWith(text, this.#at);
  }

  #skip(text: string): boolean {
    if (!this.#starts(text)) return false;
    this.#at += text.length;
    return true;
  }

  #bad(): MalformedSubstitution {
    const start = this.#text.lastIndexOf("${", this.#at);
    const [line = ""] = this.#text.slice(start, start + 60).split("\n");
    return new MalformedSubstitution(`${line} is not a substitution that Flux understands`);
  }
}

/** Operators that tolerate a variable that is not set; all of them mean the default. */
const DEFAULTS = ["=", ":=", ":-", ":?", ":+"];

/** What an expression is evaluated with. */
interface Scope {
  readonly valueOf: (name: string) => string | undefined;
  readonly onResult: (name: string, result: string) => void;
  /** Gets the names of variables that are not set. */
  readonly missing: Set<string>;
}

function evaluated(part: Part, scope: Scope): string {
  if (typeof part === "string") return part;
  const { name, operator, args: given } = part;
  const args = given.map((arg) => evaluated(arg, scope));
  const value = scope.valueOf(name);
  const isDefault = DEFAULTS.includes(operator);
  if (value === undefined && !isDefault) scope.missing.add(name);
  // No function of a text that is not known is known.
  const unknown = [value, ...(isDefault ? [] : args)].find(isUnknownText);
  if (unknown !== undefined) return unknown;
  const result = applied(value ?? "", operator, args);
  scope.onResult(name, result);
  return result;
}

function applied(value: string, operator: string, args: readonly string[]): string {
  const [first = "", second = ""] = args;
  switch (operator) {
    case ",":
      return value.slice(0, 1).toLowerCase() + value.slice(1);
    case ",,":
      return value.toLowerCase();
    case "^":
      return value.slice(0, 1).toUpperCase() + value.slice(1);
    case "^^":
      return value.toUpperCase();
    case "#":
      return args.length === 0
        ? String(Buffer.byteLength(value))
        : withoutPrefix(value, first, "shortest");
    case "##":
      return withoutPrefix(value, first, "longest");
    case "%":
      return withoutSuffix(value, first, "shortest");
    case "%%":
      return withoutSuffix(value, first, "longest");
    case ":":
      return substring(value, args);
    case "/":
      return value.replace(first, () => second);
    case "//":
      return value.replaceAll(first, () => second);
    case "/#":
      return args.length === 2 && value.startsWith(first)
        ? second + value.slice(first.length)
        : value;
    case "/%":
      return args.length === 2 && value.endsWith(first)
        ? value.slice(0, value.length - first.length) + second
        : value;
    default:
      return value === "" ? args.join("") : value;
  }
}

function substring(value: string, [start = "", length]: readonly string[]): string {
  if (!INTEGER.test(start)) return value;
  const from = Number(start) < 0 ? Math.max(0, value.length + Number(start)) : Number(start);
  if (length === undefined) return value.slice(from);
  return INTEGER.test(length) ? value.slice(from, from + Number(length)) : value;
}

const INTEGER = /^[-+]?\d+$/;

type Reach = "shortest" | "longest";

function withoutPrefix(value: string, pattern: string, reach: Reach): string {
  const lengths = Array.from({ length: value.length }, (_, index) => index + 1);
  const matching = lengths.filter((length) => globOf(pattern).test(value.slice(0, length)));
  return value.slice((reach === "shortest" ? matching[0] : matching.at(-1)) ?? 0);
}

function withoutSuffix(value: string, pattern: string, reach: Reach): string {
  const lengths = Array.from({ length: value.length }, (_, index) => index + 1);
  const matching = lengths.filter((length) =>
    globOf(pattern).test(value.slice(value.length - length)),
  );
  return value.slice(
    0,
    value.length - ((reach === "shortest" ? matching[0] : matching.at(-1)) ?? 0),
  );
}

/** A pattern in which `*` matches any text and `?` any character. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[\\s\\S]*")
    .replaceAll("?", "[\\s\\S]");
  return new RegExp(`^${source}$`);
}
