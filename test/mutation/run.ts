import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { areasOf } from "./areas.ts";
import type { Area } from "./areas.ts";
import { digestOf } from "./digest.ts";
import { readRecord, recorded, writeRecord } from "./record.ts";
import type { Score } from "./record.ts";

const HOME = join(__dirname, "../..");
const RECORD = join(HOME, "test/mutation/scores.json");
const REPORT = join(HOME, "reports/mutation.json");
const STRYKER = join(HOME, "node_modules/@stryker-mutator/core/bin/stryker.js");

/** The minimum percentage of mutants that tests must notice, per area. */
const FLOOR_OF_AREA = 75;
const FLOOR = 88;

/** Runs Stryker on an area, and prints its whole output if the score is too low. */
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

function row(name: string, score: Score, floor: number, remark = ""): void {
  const percent = percentOf(score);
  const verdict = percent < floor ? `, below ${floor} %` : "";
  process.stdout.write(
    `${name.padEnd(24)} ${percent.toFixed(1).padStart(5)} % of ${score.all}${remark}${verdict}\n`,
  );
  if (verdict !== "") process.exitCode = 1;
}

function refuse(reason: string): void {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 2;
}

interface Choice {
  /** Also measures areas whose score is recorded. */
  readonly all: boolean;
  /** Records the measured scores. */
  readonly record: boolean;
  /** The time after which no further area starts, in milliseconds since the epoch; the remaining areas are listed. */
  readonly deadline: number;
}

function main(asked: readonly string[], { all, record: isRecording, deadline }: Choice): void {
  // One after the other: with all tests at once, the coverage of each mutant takes gigabytes.
  const areas = areasOf(HOME);
  const names = areas.map(({ name }) => name);
  const unknown = asked.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    refuse(`${unknown.join(", ")}: no such area. The areas are ${names.join(", ")}.`);
    return;
  }
  const record = readRecord(RECORD);
  const total = { noticed: 0, all: 0 };
  const unmeasured: string[] = [];
  const chosen = areas.filter(({ name }) => asked.length === 0 || asked.includes(name));
  for (const area of chosen) {
    const digest = digestOf(HOME, area);
    const known = all || digest === undefined ? undefined : recorded(record, area.name, digest);
    if (known === undefined && Date.now() > deadline) {
      unmeasured.push(area.name);
      continue;
    }
    const score = known ?? scoreOf(area);
    if (isRecording && digest !== undefined) {
      writeRecord(RECORD, { [area.name]: { digest, ...score } }, names);
    }
    row(area.name, score, FLOOR_OF_AREA, known === undefined ? "" : ", recorded");
    total.noticed += score.noticed;
    total.all += score.all;
  }
  if (chosen.length > 1 && total.all > 0) row("all", total, FLOOR);
  if (unmeasured.length > 0) {
    process.stdout.write(
      `Changed, but not measured within the time limit: ${unmeasured.join(", ")}. Run without --minutes to measure them.\n`,
    );
  }
}

try {
  // Areas named as arguments, or all of them.
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      record: { type: "boolean", default: false },
      minutes: { type: "string" },
    },
  });
  const { all, record, minutes } = values;
  if (minutes !== undefined && !/^\d{1,4}$/.test(minutes)) {
    refuse(`--minutes is ${minutes}. Pass a whole number of minutes.`);
  } else {
    const deadline = minutes === undefined ? Infinity : Date.now() + Number(minutes) * 60_000;
    main(positionals, { all, record, deadline });
  }
} catch (error) {
  if (!(error instanceof TypeError && "code" in error)) throw error;
  refuse(error.message);
}
