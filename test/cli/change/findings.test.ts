import { expect, test } from "vitest";
import { notJudgedTurn, violationTurn } from "../../../cli/change/findings.ts";
import { violation } from "../../support/plan.ts";

const same = (urn: string) => urn;

test("a violation of both plans neither begins nor ceases", () => {
  expect(violationTurn([violation()], [violation()], same)).toEqual({ begin: [], cease: [] });
});

test("violations begin and cease", () => {
  const [old, now] = [violation({ policy: "old" }), violation({ policy: "now" })];
  expect(violationTurn([old, violation()], [violation(), now], same)).toEqual({
    begin: [now],
    cease: [old],
  });
});

test.each([
  { message: "Another." },
  { urn: "urn:b" },
  { enforcementLevel: "advisory" as const },
  { pack: "other" },
])("a violation with %j is another one", (more) => {
  const [old, now] = [violation({ urn: "urn:a" }), violation({ urn: "urn:a", ...more })];
  expect(violationTurn([old], [now], same)).toEqual({ begin: [now], cease: [old] });
});

test("the same violation twice is counted", () => {
  expect(violationTurn([violation()], [violation(), violation()], same)).toEqual({
    begin: [violation()],
    cease: [],
  });
});

test("a renamed resource keeps its violations and what was not judged of it", () => {
  const now = (urn: string) => urn.replace("old", "new");
  const [was, is] = [violation({ urn: "urn:old" }), violation({ urn: "urn:new" })];
  expect(violationTurn([was], [is], now)).toEqual({ begin: [], cease: [] });
  const item = { reason: "It is unknown.", stops: false };
  expect(notJudgedTurn([{ ...item, urn: "urn:old" }], [{ ...item, urn: "urn:new" }], now)).toEqual({
    begin: [],
    cease: [],
  });
});

test("what was not judged is the same one in another line, and not in another file", () => {
  const at = (file: string, line: number) => ({
    reason: "It is not valid.",
    stops: true,
    place: { file, line, column: 1 },
  });
  expect(notJudgedTurn([at("a.yaml", 1)], [at("a.yaml", 2)], same)).toEqual({
    begin: [],
    cease: [],
  });
  expect(notJudgedTurn([at("a.yaml", 1)], [at("b.yaml", 1)], same)).toEqual({
    begin: [at("b.yaml", 1)],
    cease: [at("a.yaml", 1)],
  });
});

test("an item that stops now is a new one", () => {
  const item = { what: "chart", reason: "It is in a registry." };
  expect(
    notJudgedTurn([{ ...item, stops: false }], [{ ...item, stops: true }], same).begin,
  ).toEqual([{ ...item, stops: true }]);
});
