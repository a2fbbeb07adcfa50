import { join } from "node:path";
import { addRule } from "./rule/addRule.ts";

const [, , name = ""] = process.argv;
const result = addRule(join(__dirname, ".."), name);

if ("problem" in result) {
  process.stderr.write(`${result.problem}\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(
    [
      "Written:",
      ...result.files.map((file) => `  ${file}`),
      `Its tests fail until you write the rule; docs/adding-a-rule.md says how.`,
      `  npx vitest run test/policy -t ${name}`,
      "",
    ].join("\n"),
  );
}
