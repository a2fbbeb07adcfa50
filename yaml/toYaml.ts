import { stringify } from "yaml";
import type { ScalarTag, Tags } from "yaml";

/** Words that some YAML 1.1 readers, such as kubectl and Kustomize, read as a boolean, null or a number. */
const WORD = /^(y|yes|n|no|on|off|true|false|null|e[-+]?[\d_]+)$/i;
/** A line that cannot begin a number, a date or a signed value. */
const TEXT = /^[A-Za-z/][ -~]*$/;
/**
 * Several lines, without characters that end a line only in YAML 1.1, or that must be escaped. The first character is
 * visible, because some readers treat a leading tab as indentation.
 */
const LINES =
  /^(?=[!-~].*\n)[\t\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/su;

/**
 * YAML that readers of versions 1.1 and 1.2 read alike: a string is quoted unless both read it as a string.
 *
 * @param indentLists whether the items of a list are indented more than the key of the list
 * @see https://yaml.org/type/bool.html
 */
export function toYaml(value: unknown, indentLists = true): string {
  return stringify(value, {
    lineWidth: 0,
    indentSeq: indentLists,
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

/** Text in which JSON would escape every quote. */
const WITH_QUOTES = /^(?=.*")[ -&(-~]*$/;

/**
 * Quotes as JSON does, which is valid in every YAML version, and escapes characters that some readers treat as a line
 * break. Text that contains JSON is in single quotes.
 */
function quoted(text: string): string {
  if (WITH_QUOTES.test(text)) return `'${text}'`;
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
