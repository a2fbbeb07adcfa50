import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { AnswerWatch } from "../../../offline/pack/answerWatch.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function watch() {
  const silent: string[] = [];
  const it = new AnswerWatch(10, (questions) => {
    silent.push(...questions);
    return new Error(`no answer to ${questions.join(", ")}`);
  });
  return { it, silent };
}

test("a timeout occurs if a request is not answered in time", async () => {
  const { it, silent } = watch();
  it.asked("one");
  vi.advanceTimersByTime(9_999);
  expect(silent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(silent).toEqual(["one"]);
  await expect(it.silence).rejects.toThrow("no answer to one");
});

test("many requests may take longer, as long as responses keep coming", () => {
  const { it, silent } = watch();
  const answers = ["one", "two", "three", "four"].map((question) => it.asked(question));
  vi.advanceTimersByTime(9_999);
  answers[0]?.();
  vi.advanceTimersByTime(9_999);
  answers[2]?.();
  vi.advanceTimersByTime(9_999);
  expect(silent).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(silent).toEqual(["two", "four"]);
});

test("without requests there is no timeout", () => {
  const { it, silent } = watch();
  vi.advanceTimersByTime(60_000);
  it.asked("one")();
  vi.advanceTimersByTime(60_000);
  expect(silent).toEqual([]);
  it.asked("two");
  vi.advanceTimersByTime(10_000);
  expect(silent).toEqual(["two"]);
});
