import { aboutOf } from "./skeleton.ts";

/** What the command says once the files of a rule are written. */
export function summaryOf(name: string, files: readonly string[]): string {
  const [area = ""] = name.split("-");
  const [about] = aboutOf(area);
  return [
    "Written:",
    ...files.map((file) => `  ${file}`),
    `It judges ${about} unless you change "about". Its tests fail until you write the rule:`,
    `  npx vitest run ${name} test/policy/examples.test.ts -t ${name}`,
    "docs/adding-a-rule.md describes the next steps.",
    "",
  ].join("\n");
}
