import { expect, test } from "vitest";
import { drive } from "../../../operate/upgrade/drive.ts";
import type { Journey } from "../../../operate/upgrade/drive.ts";
import type { Observation, Outcome } from "../../../operate/observation.ts";

const PHASES = ["none", "prepared", "canary", "promoted", "done"] as const;
type Phase = (typeof PHASES)[number];

const says = (outcome: Outcome, subject = "orders"): Observation => ({
  check: "restarts",
  outcome,
  subject,
  message: "So it is.",
});

/** A journey that records what it does. */
function journeyFrom(start: Phase, parts: Partial<Journey> = {}) {
  const did: string[] = [];
  let at = PHASES.indexOf(start);
  const record = (what: string) => () => {
    did.push(`${what} ${PHASES[at] ?? ""}`);
    return Promise.resolve([]);
  };
  const journey: Journey = {
    position: () => ({
      phase: PHASES[at] === "done" ? "none" : (PHASES[at] ?? ""),
      step:
        PHASES[at] === "done"
          ? undefined
          : {
              does: `enter ${PHASES[at + 1] ?? ""}`,
              take: () => {
                at += 1;
                did.push(`edit to ${PHASES[at] ?? ""}`);
              },
            },
    }),
    deploy: async () => {
      await record("deploy")();
    },
    move: record("move"),
    verify: record("verify"),
    blockers: record("blockers"),
    ...parts,
  };
  return { journey, did, phase: () => PHASES[at] };
}

const options = { goesBack: false, say: () => undefined };
const settled = (phase: Phase) => [`deploy ${phase}`, `move ${phase}`, `verify ${phase}`];

test("goes through every phase, and deploys nothing before the first step", async () => {
  const { journey, did } = journeyFrom("none");
  expect(await drive(journey, options)).toEqual({ phase: "none", stoppedBy: [] });
  expect(did).toEqual([
    ...["blockers none", "edit to prepared", ...settled("prepared")],
    ...["blockers prepared", "edit to canary", ...settled("canary")],
    ...["blockers canary", "edit to promoted", ...settled("promoted")],
    ...["blockers promoted", "edit to done", ...settled("done")],
  ]);
});

test("deploys the current phase again, since an earlier run may have been interrupted in it", async () => {
  const { journey, did } = journeyFrom("promoted");
  await drive(journey, options);
  expect(did).toEqual([
    ...settled("promoted"),
    ...["blockers promoted", "edit to done", ...settled("done")],
  ]);
  const last = journeyFrom("done");
  await drive(last.journey, options);
  expect(last.did).toEqual(settled("done"));
});

test("ends in the phase to stop after, once it is verified", async () => {
  const { journey, did } = journeyFrom("none");
  const arrival = await drive(journey, { ...options, stopAfter: "prepared" });
  expect(arrival).toEqual({ phase: "prepared", stoppedBy: [] });
  expect(did).toEqual(["blockers none", "edit to prepared", ...settled("prepared")]);
});

test.each(["move", "verify", "blockers"] as const)(
  "stops where %s finds something wrong or unknown, and edits nothing more",
  async (part) => {
    for (const outcome of ["failed", "unchecked"] as const) {
      const found = [says("passed"), says("warning"), says(outcome, "shop")];
      const { journey, phase } = journeyFrom("canary", { [part]: () => Promise.resolve(found) });
      const arrival = await drive(journey, options);
      expect(arrival).toEqual({ phase: "canary", stoppedBy: [says(outcome, "shop")] });
      expect(phase()).toBe("canary");
    }
  },
);

test("warnings do not stop it, and are said once", async () => {
  const said: string[] = [];
  const say = (line: string) => said.push(line);
  const found = () =>
    Promise.resolve([
      says("warning"),
      { ...says("warning", "web"), fix: "Mend it." },
      says("passed"),
    ]);
  const { journey, phase } = journeyFrom("canary", { move: found, verify: found, blockers: found });
  expect(await drive(journey, { ...options, say })).toEqual({ phase: "none", stoppedBy: [] });
  expect(phase()).toBe("done");
  expect(said.filter((line) => line.startsWith("Warning"))).toEqual([
    "Warning: orders: So it is.",
    "Warning: web: So it is. Mend it.",
  ]);
});

test("a deployment that fails ends it there", async () => {
  const { journey, did, phase } = journeyFrom("prepared", {
    deploy: () => Promise.reject(new Error("Azure refused")),
  });
  await expect(drive(journey, options)).rejects.toThrow("Azure refused");
  expect([did, phase()]).toEqual([[], "prepared"]);
});

test("goes back from a phase that is broken without deploying it again", async () => {
  const { journey, did } = journeyFrom("promoted");
  await drive(journey, { ...options, goesBack: true });
  expect(did).toEqual(["blockers promoted", "edit to done", ...settled("done")]);
});

test("finishes an interrupted phase on the way back if the next step needs it", async () => {
  let asked = 0;
  const blockers = () => Promise.resolve(asked++ === 0 ? [says("failed")] : []);
  const { journey, did } = journeyFrom("promoted", { blockers });
  await drive(journey, { ...options, goesBack: true });
  expect(did).toEqual([...settled("promoted"), "edit to done", ...settled("done")]);
});

test("waits for what a step has left behind, but not in a phase that it may have to deploy first", async () => {
  const waits = async (goesBack: boolean) => {
    const asked: boolean[] = [];
    const blockers = (mayWait: boolean) => {
      asked.push(mayWait);
      return Promise.resolve([says("failed")]);
    };
    await drive(journeyFrom("promoted", { blockers }).journey, { ...options, goesBack });
    return asked;
  };
  expect(await waits(true)).toEqual([false, true]);
  expect(await waits(false)).toEqual([true]);
});

test("stops on the way back at what remains in the way of the next step", async () => {
  const blockers = () => Promise.resolve([says("failed")]);
  const { journey, did } = journeyFrom("promoted", { blockers });
  const arrival = await drive(journey, { ...options, goesBack: true });
  expect(arrival).toEqual({ phase: "promoted", stoppedBy: [says("failed")] });
  expect(did).toEqual(settled("promoted"));
});

test("stops on the way back in the phase that it begins in, if that is where it is to stop", async () => {
  const { journey, did } = journeyFrom("promoted");
  await drive(journey, { ...options, goesBack: true, stopAfter: "promoted" });
  expect(did).toEqual(settled("promoted"));
});
