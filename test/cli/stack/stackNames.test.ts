import { expect, test } from "vitest";
import { stackNames } from "../../../cli/stack/stackNames.ts";
import { loadProject } from "../../../offline/project/project.ts";
import { scratch } from "../../support/programs.ts";

const write = scratch({ packages: false });
const project = loadProject(
  write("many", {
    "Pulumi.yaml": "name: many\nruntime: nodejs\n",
    "Pulumi.dev.yaml": "",
    "Pulumi.prod-neu.yaml": "",
    "Pulumi.prod-weu.yaml": "",
    "Pulumi.prodx.yaml": "",
  }),
);

test.each([
  [["prod-*"], ["prod-neu", "prod-weu"]],
  [["prod?"], ["prodx"]],
  [["*"], ["dev", "prod-neu", "prod-weu", "prodx"]],
  [
    ["prod-weu", "prod-*", "dev"],
    ["prod-weu", "prod-neu", "dev"],
  ],
  // A name means itself, also without a file: reading it says what is wrong.
  [["none"], ["none"]],
])("%j means %j", (given, names) => {
  expect(stackNames(project, given)).toEqual(names);
});

test("a pattern that means nothing is an error, and other letters have no meaning", () => {
  expect(() => stackNames(project, ["test-*"])).toThrow(
    /No stack of .*Pulumi\.yaml has a name like test-\*\. It has: dev, prod-neu, prod-weu, prodx\.$/,
  );
  expect(() => stackNames(project, ["pro.-*"])).toThrow(/pro\.-\*/);
});
