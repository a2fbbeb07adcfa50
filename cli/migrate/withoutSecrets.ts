import type { Entry, Step, Translation } from "../../migrate/report.ts";
import type { SecretMask } from "../../offline/plan/secretMask.ts";
import { labelOf } from "../../operate/cluster/clusterObject.ts";
import { toYaml } from "../../yaml/toYaml.ts";

/**
 * The translation without the objects that contain a value of a Secret, which Flux puts there when it applies them: it must
 * not be written to a file, in no form.
 */
export function withoutSecrets({ objects, entries }: Translation, mask: SecretMask): Translation {
  const secret = objects.filter((object) => {
    const text = toYaml(object);
    return mask.hide(text) !== text;
  });
  const labels = secret.map(labelOf);
  return {
    objects: objects.filter((object) => !secret.includes(object)),
    entries: entries.map((entry): Entry => {
      const hidden = entry.becomes.filter((one) => labels.includes(one));
      if (hidden.length === 0) return entry;
      return {
        ...entry,
        fate: "untranslated",
        message: `${entry.message} The ${hidden.join(" and ")} was not written, because Flux puts the value of a Secret into it.`,
        fix: [entry.fix, "Change its source in the repository."].filter(Boolean).join(" "),
      };
    }),
  };
}

/** What a report says, with secrets masked: it quotes values of objects, and names them. */
export function maskedReport(
  { entries, steps }: { readonly entries: readonly Entry[]; readonly steps: readonly Step[] },
  mask: SecretMask,
): { readonly entries: readonly Entry[]; readonly steps: readonly Step[] } {
  const hide = (text: string) => mask.hide(text);
  return {
    entries: entries.map((entry) => ({
      ...entry,
      subject: hide(entry.subject),
      becomes: entry.becomes.map(hide),
      message: hide(entry.message),
      ...(entry.fix === undefined ? {} : { fix: hide(entry.fix) }),
    })),
    steps: steps.map(({ title, about, commands }) => ({
      ...{ title, about: hide(about), commands: commands.map(hide) },
    })),
  };
}
