import type { ErrorCode, YAMLParseError } from "yaml";

const MISALIGNED =
  "this line is indented differently from the other entries of its map or list; indent it like them";
const CONTINUED =
  "this value continues in the next line, which is indented more; indent the next line like the key of this value, or remove this value";
const UNQUOTED = "a value that contains a colon and a space must be in quotes";

/** The parser's words describe its grammar, or quote values, which may be secret. These say what to do. */
const WORDS: Readonly<Partial<Record<ErrorCode, string>>> = {
  BAD_INDENT: MISALIGNED,
  BLOCK_AS_IMPLICIT_KEY: MISALIGNED,
  MULTILINE_IMPLICIT_KEY:
    "this key continues in the next line; write a colon after it, or indent the next line less",
  BAD_DQ_ESCAPE:
    "this backslash is not a valid escape; write \\\\ for a backslash, or use single quotes",
  RESOURCE_EXHAUSTION: "the values are nested too deeply",
  TAB_AS_INDENT: "this line is indented with a tab; use spaces",
};

/** An error of the parser. */
export type SyntaxProblem = Pick<YAMLParseError, "code" | "message" | "pos">;

/** Messages that quote a value, and share their code with others. */
const QUOTING: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:Could not resolve tag|Unresolved tag|Not a valid tag|Verbatim tags aren't|The .* tag has no suffix)/,
    "this tag is not known; a value that begins with ! must be in quotes",
  ],
  [
    /^Block scalar header/,
    "text follows | or > in the same line; a value that begins with | or > must be in quotes",
  ],
];

const UNCLOSED = /must be sufficiently indented and end with a ([\]}])$/;

/** What is wrong in a line, with the fix for wrong indentation. One mistake often has several errors. */
export function yamlProblem([first, ...others]: readonly [
  SyntaxProblem,
  ...(readonly SyntaxProblem[]),
]): string {
  const { code, message } = first;
  const [, bracket] = UNCLOSED.exec(message) ?? [];
  if (bracket !== undefined) {
    return `a ${bracket} is missing, or this line is not indented more than the line with the opening bracket; add the ${bracket}, or indent this line`;
  }
  if (message.startsWith("Nested mappings are not allowed")) {
    return others.some((other) => other.code === "MULTILINE_IMPLICIT_KEY") ? CONTINUED : UNQUOTED;
  }
  const [, reworded = message] = QUOTING.find(([pattern]) => pattern.test(message)) ?? [];
  return WORDS[code] ?? reworded;
}
