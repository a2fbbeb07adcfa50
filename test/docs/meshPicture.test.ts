import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { plannedParts } from "../../cli/check/planContext.ts";
import { graphviz } from "../../cli/html/drawing/layout.ts";
import { PICTURE_STYLE } from "../../cli/html/drawing/pictureStyle.ts";
import { toSvg } from "../../cli/html/drawing/svg.ts";
import { markup } from "../../cli/html/markup.ts";
import { meshesOf } from "../../cli/html/mesh/meshOf.ts";
import { NO_FINDINGS } from "../../cli/html/page/findingsOf.ts";
import { colours } from "../../cli/html/palette.ts";
import { meshInSentences } from "../../cli/html/pictures/description.ts";
import { picturesOf } from "../../cli/html/pictures/pictures.ts";
import { aksIstio } from "../support/command.ts";
import { configuredBy } from "../support/exampleStacks.ts";

test("docs/mesh.svg is the picture of examples/production.yaml in the page of its preview; npx vitest run test/docs --update draws it again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aks-istio-picture-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const plan = join(folder, "plan.json");
  const args = ["preview", ...configuredBy("production"), "--no-policy-pack", "--json", plan];
  const { code, stderr } = await aksIstio(args);
  expect([code, stderr]).toEqual([0, stderr]);
  const [mesh] = meshesOf(await plannedParts({ plan }));
  if (mesh === undefined) throw new Error("The plan has no mesh.");
  const layOut = await graphviz();
  const { main } = picturesOf(mesh, () => NO_FINDINGS);
  const caption = { id: "mesh", title: mesh.name, description: meshInSentences(mesh) };
  const svg = toSvg(layOut(main), caption, markup`${colours(":root")}${PICTURE_STYLE}`);
  await expect(svg.text).toMatchFileSnapshot("../../docs/mesh.svg");
});
