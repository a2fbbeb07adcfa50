import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { identifierOf, skeletonOf } from "./skeleton.ts";

/** The files that a new rule adds or changes, by path; or the reason why it cannot be added. */
export type Added = { readonly files: readonly string[] } | { readonly problem: string };

const NAME = /^[a-z]+(-[a-z0-9]+)+$/;
const IMPORT = /^import \{ \w+ \} from "\.\/rules\/[^"]+";\n/gm;

/** Writes the skeleton of a rule into a clone of the project, and registers the rule. */
export function addRule(root: string, name: string): Added {
  const problem = problemOf(root, name);
  if (problem !== undefined) return { problem };
  const [area = ""] = name.split("-");

  const written = skeletonOf(area, name);
  const changed = {
    "policy/rules.ts": (text: string) => registered(text, area, name),
    // The levels of the skeleton; `--update` of their test later writes the level that the rule declares.
    "policy/profiles/recommended.json": (text: string) => atLevel(root, text, name, "advisory"),
    "policy/profiles/strict.json": (text: string) => atLevel(root, text, name, "mandatory"),
    "policy/profiles/advisory.json": (text: string) => atLevel(root, text, name, "advisory"),
  };
  for (const [file, text] of Object.entries(written)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  for (const [file, change] of Object.entries(changed)) {
    writeFileSync(join(root, file), change(readFileSync(join(root, file), "utf8")));
  }
  return { files: [...Object.keys(written), ...Object.keys(changed)] };
}

function problemOf(root: string, name: string): string | undefined {
  if (!NAME.test(name)) {
    return `"${name}" is not a valid name of a rule. Use lowercase words with hyphens, the area first: npm run new:rule -- ns-quota-set`;
  }
  const [area = ""] = name.split("-");
  const areas = readdirSync(join(root, "policy/rules"));
  if (!areas.includes(area)) {
    return `"${name}" begins with ${area}, which is not an area. Choose one of ${areas.join(", ")}, or create the folder policy/rules/${area} first.`;
  }
  if (existsSync(join(root, `policy/rules/${area}/${name}.ts`))) {
    return `"${name}" already exists: policy/rules/${area}/${name}.ts. Choose another name.`;
  }
  const read = (file: string) => readFileSync(join(root, file), "utf8");
  if (read("policy/profiles/recommended.json").includes(`"${name}"`)) {
    return `"${name}" is a policy of the pack itself. Choose another name.`;
  }
  // ns-12 and ns-1-2 have the same identifier.
  const identifier = identifierOf(name);
  if (read("policy/rules.ts").includes(`{ ${identifier} }`)) {
    return `"${name}" has the identifier of another rule, ${identifier}. Choose another name.`;
  }
  return undefined;
}

/** The list of rules with a new rule, sorted by area and name. */
function registered(text: string, area: string, name: string): string {
  const identifier = identifierOf(name);
  const line = `import { ${identifier} } from "./rules/${area}/${name}.ts";\n`;
  const lines = text.match(IMPORT) ?? [];
  const next = lines.find((one) => placeOf(one) > placeOf(line));
  if (next === undefined) {
    const last = lines.at(-1) ?? "";
    return text.replace(last, last + line).replace(/\];\n$/, `  ${identifier},\n];\n`);
  }
  const [, following = ""] = /\{ (\w+) \}/.exec(next) ?? [];
  return text
    .replace(next, line + next)
    .replace(`\n  ${following},\n`, `\n  ${identifier},\n  ${following},\n`);
}

function placeOf(line: string): string {
  return line.slice(line.indexOf('"'));
}

/** A profile with a new rule, at its place in the list of rules. */
function atLevel(root: string, text: string, name: string, level: string): string {
  const order = [...readFileSync(join(root, "policy/rules.ts"), "utf8").matchAll(IMPORT)].map(
    ([line]) => line.slice(line.lastIndexOf("/") + 1, line.lastIndexOf(".ts")),
  );
  const next = order[order.indexOf(name) + 1] ?? "mesh-coverage";
  return text.replace(`  "${next}":`, `  "${name}": "${level}",\n  "${next}":`);
}
