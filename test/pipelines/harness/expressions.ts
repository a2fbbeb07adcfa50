import { Evaluator, Lexer, Parser, data } from "@actions/expressions";

/** The status functions of a step, for a step after which steps have failed or not. */
const STATUS = {
  success: (failed: boolean) => !failed,
  failure: (failed: boolean) => failed,
  cancelled: () => false,
  always: () => true,
};

type Contexts = Readonly<Record<string, object>>;

function evaluated(expression: string, contexts: Contexts, failed: boolean): data.ExpressionData {
  const functions = Object.entries(STATUS).map(([name, status]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(status(failed)),
  }));
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const values = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  const definitions = new Map(functions.map((one) => [one.name, one]));
  return new Evaluator(parsed, values, definitions).evaluate();
}

/** A text whose `${{ … }}` are replaced, as GitHub's runner does. */
export function expanded(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/gs, (_, expression: string) =>
    evaluated(expression, contexts, false).coerceString(),
  );
}

/** Whether a step runs. Without a status function in its condition, it only does after successful steps. */
export function holds(condition: string | undefined, contexts: Contexts, failed: boolean): boolean {
  const bare = (condition ?? "success()").replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const asksStatus = Object.keys(STATUS).some((name) => bare.includes(`${name}()`));
  const whole = asksStatus ? bare : `success() && (${bare})`;
  return !["", "false", "0"].includes(evaluated(whole, contexts, failed).coerceString());
}
