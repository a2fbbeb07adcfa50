import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Code that is changed, with the tests that must notice. */
export interface Area {
  readonly name: string;
  /** Of TypeScript files in one directory. */
  readonly changed: string;
  /** Likewise; a star stands for any one directory, too. */
  readonly tests: readonly string[];
}

/** The areas of the project in a directory. */
export function areasOf(home: string): readonly Area[] {
  const rules = readdirSync(join(home, "policy/rules")).map((area) => `policy/rules/${area}`);
  return [
    { name: "mesh", changed: "mesh/*.ts", tests: ["test/mesh/*.test.ts"] },
    ...rules.map((name) => ({
      name,
      changed: `${name}/*.ts`,
      tests: [`test/${name}/*.test.ts`],
    })),
    {
      name: "policy/lib",
      changed: "policy/lib/*.ts",
      tests: ["test/policy/lib/*.test.ts", "test/policy/rules/*/*.test.ts"],
    },
  ];
}
