import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Code that is mutated, with the tests that must notice. */
export interface Area {
  readonly name: string;
  /** Matches TypeScript files in one directory. */
  readonly changed: string;
  /** Likewise; a star also matches any one directory. */
  readonly tests: readonly string[];
}

/** The areas of the project in a directory. */
export function areasOf(home: string): readonly Area[] {
  const foldersOf = (room: string) =>
    readdirSync(join(home, room), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${room}/${name}`);
  const area = (name: string, ...tests: string[]): Area => ({
    name,
    changed: `${name}/*.ts`,
    tests: [...(existsSync(join(home, "test", name)) ? [`test/${name}/*.test.ts`] : []), ...tests],
  });
  const rules = "test/policy/rules/*/*.test.ts";
  return [
    area("mesh"),
    ...foldersOf("policy/rules").map((name) => area(name)),
    area("policy/engine", rules, "test/check/*.test.ts"),
    area("policy/model", rules),
    ...foldersOf("policy/model").map((name) => area(name, rules)),
  ];
}
