import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const HOME = join(__dirname, "../..");
const REPORT = join(HOME, "reports/mutation.json");
const STRYKER = join(HOME, "node_modules/@stryker-mutator/core/bin/stryker.js");

/** Of all changes to an area that a test could notice, how many per cent must be. */
const FLOOR_OF_AREA = 75;
const FLOOR = 88;

/** Code that is changed, with the tests that must notice. */
interface Area {
  readonly name: string;
  readonly changed: string;
  readonly tests: readonly string[];
}

const RULES = readdirSync(join(HOME, "policy/rules")).map((area) => `policy/rules/${area}`);

/** One after the other: with all tests at once, what each of them reaches fills gigabytes. */
const AREAS: readonly Area[] = [
  { name: "mesh", changed: "mesh/*.ts", tests: ["test/mesh/*.test.ts"] },
  ...RULES.map((name) => ({
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

interface Score {
  readonly noticed: number;
  readonly all: number;
}

/** Runs Stryker on an area, and shows all that it says where the score is too low. */
function scoreOf({ name, changed, tests }: Area): Score {
  const stryker = spawnSync(
    process.execPath,
    [STRYKER, "run", "test/mutation/stryker.config.json", "--mutate", changed],
    {
      cwd: HOME,
      encoding: "utf8",
      env: { ...process.env, MUTATION_TESTS: tests.join(",") },
      maxBuffer: Infinity,
    },
  );
  const said = stryker.stdout + stryker.stderr;
  if (stryker.status !== 0) {
    process.stderr.write(`${said}\n${name}: Stryker failed.\n`);
    process.exit(2);
  }
  const score = reported();
  if (percentOf(score) < FLOOR_OF_AREA) process.stdout.write(said);
  return score;
}

function reported(): Score {
  const { files } = JSON.parse(readFileSync(REPORT, "utf8")) as {
    readonly files: Readonly<Record<string, { readonly mutants: { readonly status: string }[] }>>;
  };
  const of = (...statuses: string[]) =>
    Object.values(files)
      .flatMap(({ mutants }) => mutants)
      .filter(({ status }) => statuses.includes(status)).length;
  const noticed = of("Killed", "Timeout");
  return { noticed, all: noticed + of("Survived", "NoCoverage") };
}

const percentOf = ({ noticed, all }: Score): number => (all === 0 ? 100 : (100 * noticed) / all);

function row(name: string, score: Score, floor: number): void {
  const percent = percentOf(score);
  const verdict = percent < floor ? `, below ${floor} %` : "";
  process.stdout.write(
    `${name.padEnd(24)} ${percent.toFixed(1).padStart(5)} % of ${score.all}${verdict}\n`,
  );
  if (verdict !== "") process.exitCode = 1;
}

function main(asked: readonly string[]): void {
  const unknown = asked.filter((name) => !AREAS.some((area) => area.name === name));
  if (unknown.length > 0) {
    const names = AREAS.map(({ name }) => name).join(", ");
    process.stderr.write(`There is no area ${unknown.join(", ")}; there are ${names}.\n`);
    process.exitCode = 2;
    return;
  }
  const areas = AREAS.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const total = { noticed: 0, all: 0 };
  for (const area of areas) {
    const score = scoreOf(area);
    row(area.name, score, FLOOR_OF_AREA);
    total.noticed += score.noticed;
    total.all += score.all;
  }
  if (areas.length > 1) row("all", total, FLOOR);
}

// Areas named as arguments, or all of them.
main(process.argv.slice(2));
