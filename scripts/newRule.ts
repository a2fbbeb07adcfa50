import { join } from "node:path";
import { addRule } from "./rule/addRule.ts";
import { summaryOf } from "./rule/summary.ts";

const [, , name = ""] = process.argv;
const result = addRule(join(__dirname, ".."), name);

if ("problem" in result) {
  process.stderr.write(`${result.problem}\n`);
  process.exitCode = 2;
} else {
  process.stdout.write(summaryOf(name, result.files));
}
