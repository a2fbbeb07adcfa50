import type { DocumentOptions, ParseOptions, ScalarTag, SchemaOptions } from "yaml";

/** A YAML value. An integer that a number cannot represent exactly is a bigint. */
export type Yaml = Scalar | readonly Yaml[] | { readonly [key: string]: Yaml };

type Scalar = null | boolean | number | bigint | string;

/**
 * The version of Go's YAML package that reads the text. Both read numbers as Go writes them (`012`, `0b11`, `1_000`).
 * Version 2 also reads `yes`, `off` and `n` as booleans, as YAML 1.1 does; version 3 reads `2001-12-14` as a time.
 */
type GoVersion = 2 | 3;

/**
 * Options that make the `yaml` package read scalars as Go's packages do. Duplicate keys are allowed; callers reject
 * them if they must.
 *
 * @see https://github.com/go-yaml/yaml/blob/v3/resolve.go
 * @see https://github.com/yaml/go-yaml/blob/v2/resolve.go
 */
export function goYamlOptions(version: GoVersion): ParseOptions & DocumentOptions & SchemaOptions {
  return {
    schema: "failsafe",
    customTags: (tags) => [...tags, ...scalarTags(version)],
    resolveKnownTags: false,
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    // An unknown tag is not an error.
    logLevel: "error",
  };
}

function scalarTags(version: GoVersion): ScalarTag[] {
  const plain: ScalarTag = {
    tag: "tag:yaml.org,2002:plain",
    default: true,
    // Every other scalar is text.
    test: /^(?:[-+.\d~yYnNtTfFoO].*)?$/s,
    resolve: (text, onError) => {
      const value = plainScalar(text, version);
      if (typeof value === "number" && !Number.isFinite(value)) {
        onError(`${text} is not a value that can be stored`);
      }
      return value;
    },
  };
  const tagged = (name: string, fits: (value: Scalar) => boolean): ScalarTag => ({
    tag: `tag:yaml.org,2002:${name}`,
    resolve: (text, onError) => {
      const value = plainScalar(text, version);
      if (!fits(value)) onError(`this value is not a valid !!${name}`);
      return value;
    },
  });
  return [
    plain,
    tagged("int", (value) => typeof value === "bigint" || Number.isInteger(value)),
    tagged("float", (value) => typeof value === "number"),
    tagged("bool", (value) => typeof value === "boolean"),
    tagged("null", (value) => value === null),
    {
      tag: "tag:yaml.org,2002:binary",
      resolve: (text) => Buffer.from(text, "base64").toString("utf8"),
    },
  ];
}

const TRUE = ["true", "True", "TRUE"];
const FALSE = ["false", "False", "FALSE"];
const NULL = ["", "~", "null", "Null", "NULL"];

const WORDS: Readonly<Record<GoVersion, ReadonlyMap<string, Scalar>>> = {
  2: words(
    [...TRUE, "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"],
    [...FALSE, "n", "N", "no", "No", "NO", "off", "Off", "OFF"],
  ),
  3: words(TRUE, FALSE),
};

function words(truths: readonly string[], lies: readonly string[]): ReadonlyMap<string, Scalar> {
  const spellings = (word: string) => [word, word.replace("i", "I"), word.toUpperCase()];
  return new Map<string, Scalar>([
    ...truths.map((word) => [word, true] as const),
    ...lies.map((word) => [word, false] as const),
    ...NULL.map((word) => [word, null] as const),
    ...[".nan", ".NaN", ".NAN"].map((word) => [word, NaN] as const),
    ...[".inf", "+.inf"].flatMap(spellings).map((word) => [word, Infinity] as const),
    ...spellings("-.inf").map((word) => [word, -Infinity] as const),
  ]);
}

/** The value of a scalar without quotes. */
function plainScalar(text: string, version: GoVersion): Scalar {
  const word = WORDS[version].get(text);
  if (word !== undefined) return word;
  if (text.startsWith(".")) return decimal(text) ?? text;
  if (!/^[-+\d]/.test(text)) return text;
  const time = timeOf(text);
  if (time !== undefined) return version === 3 ? time : text;
  const digits = text.replaceAll("_", "");
  return integer(digits) ?? decimal(digits) ?? text;
}

const INT_MIN = -(2n ** 63n);
const UINT_MAX = 2n ** 64n - 1n;

/** As Go's `ParseInt` and `ParseUint` with base 0: a leading 0 alone is octal, too. */
function integer(text: string): Scalar | undefined {
  const [, sign, digits = ""] =
    /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9]\d*)$/.exec(text) ?? [];
  if (sign === undefined || /^0[oO]$/.test(digits)) return undefined;
  const size = BigInt(digits.replace(/^0(?=[0-7])/, "0o"));
  const value = sign === "-" ? -size : size;
  // Unsigned numbers have a larger range and no sign.
  if (value < INT_MIN || value > (sign === "" ? UINT_MAX : 2n ** 63n - 1n)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function decimal(text: string): Scalar | undefined {
  if (!/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text)) return undefined;
  const value = Number(text);
  // A number too large for Go is text.
  return Number.isFinite(value) ? value : undefined;
}

/** A time as Go's `time.Time` prints it: `2001-12-14 21:59:43.1 -0500 -0500`. */
function timeOf(text: string): string | undefined {
  const [, year = "", ...numbers] =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt](\d\d?):(\d\d?):(\d\d?)(\.\d+)?(Z|[-+]\d\d:\d\d)| +(\d\d?):(\d\d?):(\d\d?)(\.\d+)?)?$/.exec(
      text,
    ) ?? [];
  if (year === "") return undefined;
  const [month = "", day = "", ...clocks] = numbers;
  const [zoned, local] = [clocks.slice(0, 5), clocks.slice(5)];
  const [hour = "0", minute = "0", second = "0", fraction = ""] =
    zoned[0] === undefined ? local : zoned;
  const zone = zoned[4] ?? "Z";

  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const real =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!real) return undefined;

  const two = (digits: string) => digits.padStart(2, "0");
  const offset = zone === "Z" ? "+0000" : zone.replace(":", "");
  return [
    `${year}-${two(month)}-${two(day)}`,
    `${two(hour)}:${two(minute)}:${two(second)}${fraction.slice(0, 10).replace(/\.?0*$/, "")}`,
    offset,
    offset === "+0000" ? "UTC" : offset,
  ].join(" ");
}
