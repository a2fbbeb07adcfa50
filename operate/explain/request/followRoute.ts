import { ended, open, passed } from "./request.ts";
import type { Call, RequestStep, Target } from "./request.ts";
import { chooseRoute } from "./route.ts";
import type { Route } from "./route.ts";

/** The steps from a route's destination on. */
export type Deliver = (call: Call, target: Target) => readonly RequestStep[];

const STEP = "route";
const FIRST_FAILURE = 400;
const FIRST_REDIRECT = 300;

/**
 * The steps of the first route that matches.
 *
 * @param place the object with the routes, for a request that none matches
 */
export function followRoute(
  routes: readonly Route[],
  place: string,
  deliver: Deliver,
): readonly RequestStep[] {
  const choice = chooseRoute(routes);
  if (choice === undefined) {
    const why = routes.map((route) => `${route.place}: ${route.match.because}`).join("; ");
    return [
      ended(STEP, "fails: 404", {
        message: `No route matches${why === "" ? "" : `: ${why}`}.`,
        fix: "Add a route for the request.",
        by: place,
      }),
    ];
  }
  const { route, kind } = choice;
  if (kind === "undecided") {
    const message = `Whether the route matches is not known: ${route.match.because}.`;
    return [open(STEP, message, "Compare the request with the route.", route.place)];
  }
  const { action } = route;
  switch (action.kind) {
    case "open":
      return [open(STEP, action.why, "Look at what it refers to.", route.place)];
    case "answer":
      return [answered(action.status, action.why, route.place)];
    case "forward": {
      const shares = action.targets.filter(({ weight }) => weight > 0);
      const targets = shares.length === 0 ? action.targets.slice(0, 1) : shares;
      if (targets.length === 0) {
        const message = "The route has no destination.";
        return [ended(STEP, "fails: 503", { message, fix: "Add a destination.", by: route.place })];
      }
      const total = targets.reduce((sum, { weight }) => sum + weight, 0);
      return targets.flatMap((target) => {
        const share =
          targets.length === 1
            ? ""
            : `${Math.round((100 * target.weight) / total)}% of the requests `;
        const to = `${share}to ${target.host}${target.subset === undefined ? "" : `, subset ${target.subset}`}`;
        return [
          passed(STEP, `The route sends ${share === "" ? "it " : ""}${to}.`, route.place),
          ...deliver(action.call, target),
        ];
      });
    }
  }
}

function answered(status: number, why: string, by: string): RequestStep {
  const message = `The route ${why}, with ${status}.`;
  if (status < FIRST_REDIRECT) return passed(STEP, message, by);
  const isFailure = status >= FIRST_FAILURE;
  return ended(STEP, `${isFailure ? "fails" : "redirected"}: ${status}`, {
    message,
    fix: isFailure ? "Change the route." : "Send the request where the route redirects it.",
    by,
  });
}
