import { expect, test } from "vitest";
import { SubstitutionError, substitute } from "../../../manifests/flux/envsubst.ts";
import { unknownText } from "../../../manifests/unknownText.ts";

const VARIABLES: Readonly<Record<string, string>> = {
  name: "web",
  empty: "",
  path: "a/b/c.tar.gz",
  other: "name",
};
const of = (text: string) =>
  substitute(text, (name) => (Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined));

test.each([
  ["no variables", "no variables"],
  ["a ${name} b", "a web b"],
  ["${name}${name}", "webweb"],
  ["$name", "$name"],
  ["$${name}", "${name}"],
  ["$$name", "$name"],
  ["$$${name}", "$web"],
  ["${empty}", ""],
  ["${none:=x}", "x"],
  ["${none:-x}", "x"],
  ["${none=x}", "x"],
  ["${none:=}", ""],
  ["${empty:=x}", "x"],
  ["${name:=x}", "web"],
  // As in Flux, and unlike in Bash.
  ["${name:+x}", "web"],
  ["${none:+x}", "x"],
  ["${none:?x}", "x"],
  ["${none:=${name}-1}", "web-1"],
  ["${none:=$$x}", "$$x"],
  ["${name^}", "Web"],
  ["${name^^}", "WEB"],
  ["${name,,}", "web"],
  ["${#name}", "3"],
  ["${name:1}", "eb"],
  ["${name:0:2}", "we"],
  ["${name:5}", ""],
  ["${path/a/x}", "x/b/c.tar.gz"],
  ["${path//\\//.}", "a.b.c.tar.gz"],
  ["${path/#a/x}", "x/b/c.tar.gz"],
  ["${path/%gz/bz}", "a/b/c.tar.bz"],
  ["${path/a/}", "/b/c.tar.gz"],
  ["${path#*/}", "b/c.tar.gz"],
  ["${path##*/}", "c.tar.gz"],
  ["${path%.*}", "a/b/c.tar"],
  ["${path%%.*}", "a/b/c"],
])("%s becomes %s", (text, result) => {
  expect(of(text)).toBe(result);
});

test.each([
  ["${none}", "${none} is not set and has no default"],
  ["${none^^}", "${none} is not set and has no default"],
  ["${a} ${b} ${a}", "${a}, ${b} are not set and have no default"],
  ["${none:=${none2}}", "${none2} is not set and has no default"],
  ["${}", "${} is not a substitution that Flux understands"],
  ["${name", "${name is not a substitution that Flux understands"],
  ["${name-x}", "${name-x} is not a substitution that Flux understands"],
  ["${ .Values.a }", "${ .Values.a } is not a substitution that Flux understands"],
])("%s is an error", (text, message) => {
  expect(() => of(text)).toThrow(new SubstitutionError(message));
});

const UNKNOWN = unknownText("later");

test.each([
  "${later}",
  "${later,,}",
  "${later^}",
  "${#later}",
  "${later:0:2}",
  "${later:7:1}",
  "${later/l/}",
  "${later#*}",
  "${later%%*}",
  "${later:=x}",
  "${name/web/${later}}",
  "${name#${later}}",
  "${none:=${later}}",
])("%s of a value that is not known is not known", (text) => {
  const result = substitute(text, (name) => (name === "later" ? UNKNOWN : VARIABLES[name]));
  expect(result).toBe(UNKNOWN);
});

test("a default of a variable that is set does not count", () => {
  expect(substitute("${name:=${later}}", (name) => (name === "later" ? UNKNOWN : "web"))).toBe(
    "web",
  );
});
