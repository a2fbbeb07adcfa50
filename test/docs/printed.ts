import { readFileSync, readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { format, resolveConfig } from "prettier";
import { expect } from "vitest";

const DOCS = join(__dirname, "../../docs");

/** The place of a printed part, with its current text. */
const PLACE = /(<!-- printed: (.*?) -->\n).*?(<!-- end -->)/gs;

/** Expects a document to contain the parts that are printed from the code, by name and in order. */
export async function expectPrinted(
  document: string,
  printed: Readonly<Record<string, string>>,
): Promise<void> {
  const file = join(DOCS, document);
  const places: string[] = [];
  const text = readFileSync(file, "utf8").replaceAll(
    PLACE,
    (_, begin: string, name: string, end: string) => {
      places.push(name);
      return `${begin}\n${printed[name] ?? ""}\n\n${end}`;
    },
  );
  expect(places).toEqual(Object.keys(printed));
  await expectFormatted(file, text);
}

/** Expects a folder to contain exactly these documents, by name without the extension. */
export async function expectFolder(
  folder: string,
  documents: ReadonlyMap<string, string>,
): Promise<void> {
  for (const [name, text] of documents) {
    await expectFormatted(join(DOCS, folder, `${name}.md`), text);
  }
  const stale = readdirSync(join(DOCS, folder)).filter((file) => !documents.has(parse(file).name));
  expect(stale).toEqual([]);
}

async function expectFormatted(file: string, text: string): Promise<void> {
  const current = await format(text, { ...(await resolveConfig(file)), parser: "markdown" });
  await expect(current).toMatchFileSnapshot(file);
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`)
    .join("\n");
}
