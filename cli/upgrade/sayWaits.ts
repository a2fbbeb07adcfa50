import type { Patience } from "../../operate/verify/untilHealthy.ts";
import { someOf } from "../../operate/wording.ts";

/** Says what is waited for, and again only when that changes. */
export function sayWaits(say: (line: string) => void): Patience["onWait"] {
  let said = "";
  return (waitingFor, leftMs) => {
    const subjects = someOf([...new Set(waitingFor.map(({ subject }) => subject))]);
    if (subjects === said) return;
    said = subjects;
    say(`Waiting for ${subjects}; at most ${Math.ceil(leftMs / 1000)} s more`);
  };
}
