import { stringify } from "yaml";
import type { ScalarTag, Tags } from "yaml";

/** What some reader of YAML 1.1, as kubectl and Kustomize are, takes for a boolean, for nothing or for a number. */
const WORD = /^(y|yes|n|no|on|off|true|false|null|e[-+]?[\d_]+)$/i;
/** A line that begins like no number, date or sign. */
const TEXT = /^[A-Za-z/][ -~]*$/;
/**
 * Several lines, without what ends a line in YAML 1.1 alone and without what no reader takes unescaped. They begin with
 * a letter or sign: some readers take a tab in the beginning for indentation.
 */
const LINES =
  /^(?=[!-~].*\n)[\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/su;

/**
 * The text of a value in YAML that readers of versions 1.1 and 1.2 read alike: a string is quoted unless it is one to
 * both.
 *
 * @see https://yaml.org/type/bool.html
 */
export function toYaml(value: unknown): string {
  return stringify(value, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    customTags: (tags: Tags) => tags.map((tag) => (isStringTag(tag) ? quoting(tag) : tag)),
  });
}

function isStringTag(tag: Tags[number]): tag is ScalarTag {
  return typeof tag !== "string" && tag.tag === "tag:yaml.org,2002:str";
}

function quoting(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    stringify: (item, context, ...rest) => {
      const text = String(item.value);
      const alike = (TEXT.test(text) && !WORD.test(text)) || LINES.test(text);
      return alike && tag.stringify !== undefined
        ? tag.stringify(item, context, ...rest)
        : quoted(text);
    },
  };
}

/** As in JSON, which is YAML of every version, with what some reader would take for the end of a line escaped. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
