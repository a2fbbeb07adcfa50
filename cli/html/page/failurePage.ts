import type { Failure } from "../../reports/failure.ts";
import { markup } from "../markup.ts";
import { documentOf } from "./document.ts";

/** A page that says why there is no plan. */
export function failurePage(failure: Failure): string {
  const items = failure.problems.map(
    ({ message, place }) =>
      markup`<li class="lines">${place === undefined ? undefined : markup`<b>${place.file}:${place.line}</b>: `}${message}</li>\n`,
  );
  return documentOf(failure, {
    verdict: "The preview failed",
    stops: true,
    summary: undefined,
    sections: [
      {
        ...{ id: "problems", title: "Problems", count: failure.problems.length },
        body: markup`<ul class="findings">\n${items}</ul>\n`,
      },
    ],
  });
}
