import { GENERATED, withStackFiles } from "./generated.ts";
import { measurePreview } from "./measure.ts";
import { row } from "./table.ts";

const SIZES = [100, 1_000, 5_000];

/**
 * Stacks of growing size: the time per additional resource must stay constant. The largest also runs without policies,
 * which shows what they cost.
 */
export async function growth(): Promise<void> {
  await withStackFiles(async (stackFile) => {
    let previous: { readonly size: number; readonly seconds: number } | undefined;
    for (const size of SIZES) {
      const measured = await measurePreview([GENERATED, "--config-file", stackFile(size)]);
      const step =
        previous === undefined
          ? ""
          : `${(((measured.seconds - previous.seconds) * 1000) / (size - previous.size)).toFixed(2)} ms per additional resource`;
      row(`generated, ${size} resources`, measured, step);
      previous = { size, seconds: measured.seconds };
    }
    if (previous === undefined) return;
    const { size, seconds } = previous;
    const bare = await measurePreview([
      ...[GENERATED, "--config-file", stackFile(size)],
      "--no-policy-pack",
    ]);
    row(
      `the same without policies`,
      bare,
      `with them ${(seconds / bare.seconds).toFixed(2)} x as long`,
    );
  });
}
