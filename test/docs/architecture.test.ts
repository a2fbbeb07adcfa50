import { instance } from "@viz-js/viz";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ROOMS } from "../../.dependency-cruiser.mjs";
import { expectPrinted, table } from "./printed.ts";

test("docs/architecture.svg is drawn from architecture.dot; npx vitest run test/docs --update draws it again", async () => {
  const graphviz = await instance();
  const svg = graphviz.renderString(readFileSync("docs/architecture.dot", "utf8"), {
    format: "svg",
  });
  await expect(svg).toMatchFileSnapshot("../../docs/architecture.svg");
});

test("docs/architecture.md shows what npm run draw prints; --update prints it again", async () => {
  const { status, stdout } = spawnSync("npm", ["run", "--silent", "draw"], { encoding: "utf8" });
  expect(status).toBe(0);
  await expectPrinted("architecture.md", { drawing: `\`\`\`mermaid\n${stdout.trim()}\n\`\`\`` });
});

test("CONTRIBUTING.md has the table of rooms; --update prints it again", async () => {
  const inCode = (room: string) => `\`${room}/\``;
  const rows = Object.entries(ROOMS).map(([room, { contains, may }]) => [
    inCode(room),
    contains,
    may.length === 0 ? "no other room" : may.map(inCode).join(", "),
  ]);
  await expectPrinted("../CONTRIBUTING.md", {
    rooms: table(["room", "contains", "may import"], rows),
  });
});
