import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect } from "vitest";

/** A place for what is printed, with whatever stands there. */
const PLACE = /(<!-- printed: (.*?) -->\n).*?(<!-- end -->)/gs;

/** Expects a document to hold what is printed from the code, by the names of the places there and in their order. */
export async function expectPrinted(
  document: string,
  printed: Readonly<Record<string, string>>,
): Promise<void> {
  const file = join(__dirname, "../../docs", document);
  const places: string[] = [];
  const text = readFileSync(file, "utf8").replaceAll(
    PLACE,
    (_, begin: string, name: string, end: string) => {
      places.push(name);
      return `${begin}\n${printed[name] ?? ""}\n\n${end}`;
    },
  );
  expect(places).toEqual(Object.keys(printed));
  const current = await format(text, { ...(await resolveConfig(file)), parser: "markdown" });
  await expect(current).toMatchFileSnapshot(file);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}
