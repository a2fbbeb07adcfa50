import type { Plan } from "../../offline/plan/plan.ts";
import { SecretMask } from "../../offline/plan/secretMask.ts";
import { secretTexts } from "../../offline/plan/values.ts";
import { changeBetween } from "../change/change.ts";
import { sideOf } from "../change/side.ts";
import type { ProgramOptions } from "../previewOptions.ts";
import type { Comparison } from "../reports/comparison.ts";
import type { Judgement } from "../reports/summary.ts";
import type { Earlier, EarlierSide } from "./earlier.ts";

/** Compares a plan with the earlier one, without the secrets of either. */
export function compared(
  { plan, judgement }: { readonly plan: Plan; readonly judgement: Judgement },
  { side, config, notes }: EarlierSide,
  { name, commit }: Earlier,
  options: ProgramOptions,
): Omit<Comparison, "newOnly"> {
  const now = sideOf(plan, judgement);
  const configs = config === undefined ? [options.config] : [options.config, config];
  const mask = SecretMask.ofConfig(...configs).withSecrets(
    [...side.resources, ...side.contents, ...now.resources, ...now.contents].flatMap(
      ({ inputs, outputs }) => [...secretTexts(inputs), ...secretTexts(outputs)],
    ),
  );
  return {
    name,
    ...(commit === undefined ? {} : { commit }),
    notes,
    change: changeBetween(side, now, plan, (text) => mask.hide(text)),
  };
}
