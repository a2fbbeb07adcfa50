import { withoutCredentials } from "./withoutCredentials.ts";

/** Parts of the errors of Kustomize, Helm and Git that quote contents of files, such as the literals of a Secret. */
const CONTENTS: readonly (readonly [RegExp, string])[] = [
  [/literal sources \[.*\]: invalid literal source .*(?=, expected)/gs, "invalid literal source"],
  [/line \[[\d ]*\] has invalid utf8 bytes.*/gs, "a line has invalid UTF-8"],
  [/unknown anchor '.*?' referenced/gs, "unknown anchor referenced"],
  [/cannot unmarshal (!!\w+) `.*?`/gs, "cannot unmarshal $1"],
  [/with config: `.*`(?=: )/gs, ""],
  [/(?<=unable to parse SM or JSON patch) from \[.*\]/gs, ""],
  [/'[^']*' (?=does not match pattern)/g, "the value "],
];

/** The error of a tool without contents of files and without credentials. */
export function withoutContents(error: string): string {
  return CONTENTS.reduce(
    (text, [pattern, shown]) => text.replace(pattern, shown),
    withoutCredentials(error),
  );
}
