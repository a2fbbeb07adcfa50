import { join } from "node:path";
import { built } from "../../real/harness/goModule.ts";

/** actionlint, of the version pinned in go.mod; its path. */
export async function actionlint(say: (line: string) => void): Promise<string> {
  const directory = await built(
    {
      module: join(__dirname, "../components"),
      what: "actionlint",
      packages: ["tool"],
    },
    say,
  );
  return join(directory, "actionlint");
}
