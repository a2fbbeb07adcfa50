import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ON_A_FIXED_DAY, aksIstio } from "../support/command.ts";
import { program } from "../support/programs.ts";
import { problemsOf } from "../support/settings.ts";

/** The lines of the sample output in README.md that contains a text. */
function sampleWith(text: string): readonly string[] {
  const samples = readFileSync("README.md", "utf8").matchAll(/^```(\w*)\n(.*?)^```$/gms);
  const [sample = ""] = [...samples].flatMap(([, language, each = ""]) =>
    language === "" && each.includes(text) ? [each.trimEnd()] : [],
  );
  return sample.split("\n");
}

test("README.md shows lines that a preview of the faulty program prints", async () => {
  const { code, stdout } = await aksIstio([
    ...["preview", program("osm-and-addon")],
    ...ON_A_FIXED_DAY,
  ]);
  const shown = sampleWith("osm-and-addon-dev").filter((line) => line.trim() !== "…");
  expect(code).toBe(1);
  expect(shown.length).toBeGreaterThan(10);
  expect(shown.filter((line) => !stdout.includes(line))).toEqual([]);
});

test("README.md shows the problems that validate reports for its two mistakes", () => {
  const shown = sampleWith("aks-istio:mesh.revison");
  const problems = problemsOf({
    "azure-native:location": "westeurope",
    "aks-istio:cluster": { kubernetesVersion: "1.29", apiServer: { authorizedIPRanges: [] } },
    "aks-istio:mesh": { revison: "asm-1-30" },
    "aks-istio:access": { administrators: ["7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42"] },
  });
  expect(shown.map((line) => line.replace(/^ *Pulumi\.dev\.yaml:\d+: /, ""))).toEqual(problems);
});
