import type { Config } from "./config.ts";
import { goJson } from "./goJson.ts";
import { isUnknown } from "./values.ts";

/** Shorter ones are hidden nowhere: every text would be full of holes, and tell them by that. */
const MIN_LENGTH = 3;

/**
 * Replaces every secret of a stack's configuration by `[secret]`, as the CLI does: in the form in
 * which it stands there, and as it stands in JSON; besides in base64, in a URL, and without the line
 * ends around it.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/util/logging/log.go
 */
export function secretMask(config: Config): (text: string) => string {
  return maskOf(
    [...config.values()].flatMap(({ value, secret, plaintexts }) =>
      secret ? (plaintexts ?? [value]) : [],
    ),
  );
}

/** Replaces texts by `[secret]`, in the same forms. */
export function maskOf(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets)]
    .flatMap((text) => [text, text.trim(), ...longLines(text)])
    .filter(
      (text) => text.length >= MIN_LENGTH && !isUnknown(text) && !/^(true|false)$/i.test(text),
    )
    .flatMap((text) => [
      text,
      goJson(text).slice(1, -1),
      JSON.stringify(text).slice(1, -1),
      encodeURIComponent(Buffer.from(text).toString()),
      Buffer.from(text).toString("base64"),
      // Without padding, which stands for the form with it as well.
      Buffer.from(text).toString("base64").replace(/=+$/, ""),
      Buffer.from(text).toString("base64url"),
    ]);
  if (forms.length === 0) return (text) => text;
  // Of two that begin alike, the longer one.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map(literal).join("|"), "g");
  return (text) => text.replace(pattern, "[secret]");
}

/** Lines of which each tells a good part of a secret: `console.log` of an object prints a key line by line. */
function longLines(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => line.trim());
  // The first and the last line of a PEM are the same for everybody.
  return lines.length === 1
    ? []
    : lines.filter((line) => line.length >= 16 && !line.startsWith("-----"));
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
