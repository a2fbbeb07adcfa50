import { basename, join, resolve } from "node:path";
import { displayName } from "./displayName.ts";
import type { Unread } from "./manifest.ts";
import { readManifestText } from "./manifestText.ts";
import { renderChart } from "./tools/helm.ts";
import type { LocalChart } from "./tools/helm.ts";
import { isRendered } from "./tools/rendered.ts";
import type { Unit } from "./variants.ts";

/** The name of the file that makes a directory a chart. */
export const CHART_FILE = "Chart.yaml";

/** What Helm makes of a chart on this machine, or why it makes nothing. */
export async function chartUnit(
  directory: string,
  how: Partial<LocalChart> = {},
): Promise<Unit | Unread> {
  const path = resolve(directory);
  const rendered = await renderChart({
    path,
    release: basename(path),
    namespace: "default",
    values: {},
    customResourceDefinitions: true,
    hooks: "all but tests",
    ...how,
  });
  const name = displayName(path);
  const file = displayName(join(path, CHART_FILE));
  if (!isRendered(rendered)) {
    const { reason, fix = "Render it with your values, and pass the result on standard input." } =
      rendered;
    // Many charts need values that only a release has.
    return { file, reason, fix, broken: false };
  }
  const place = { file, line: 1, column: 1 };
  const origin = { file, at: () => place };
  const { manifests, unread } = readManifestText(rendered.text, name, { isRendered: true });
  const [invalid] = unread;
  if (invalid !== undefined) {
    return { ...invalid, reason: `What Helm makes of it cannot be read. ${invalid.reason}` };
  }
  return { name, path, manifests: manifests.map((manifest) => ({ ...manifest, origin })) };
}
