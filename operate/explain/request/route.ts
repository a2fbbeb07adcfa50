import type { Reasoned } from "./reasoned.ts";
import type { Call, Target } from "./request.ts";

/** What a route does with a request. */
export type Action =
  | { readonly kind: "forward"; readonly targets: readonly Target[]; readonly call: Call }
  /** The proxy answers itself. */
  | { readonly kind: "answer"; readonly status: number; readonly why: string }
  | { readonly kind: "open"; readonly why: string };

/** A route that may apply to a request. */
export interface Route {
  /** `VirtualService shop/web spec.http[0]`. */
  readonly place: string;
  readonly match: Reasoned;
  readonly action: Action;
}

/** The route that applies; `undecided` if whether an earlier one matches is not known; undefined if none matches. */
export type Choice =
  | { readonly kind: "chosen"; readonly route: Route }
  | { readonly kind: "undecided"; readonly route: Route }
  | undefined;

/** The first route that matches. */
export function chooseRoute(routes: readonly Route[]): Choice {
  const route = routes.find(({ match }) => match.answer !== "no");
  if (route === undefined) return undefined;
  return { kind: route.match.answer === "yes" ? "chosen" : "undecided", route };
}
