import { listAt, textAt } from "../../operate/cluster/clusterObject.ts";
import { entryOf, subjectOf } from "../report.ts";
import type { Entry } from "../report.ts";
import type { Manifest } from "../../manifests/manifest.ts";
import { specOf } from "./apis.ts";
import { namespaceOf } from "./hosts.ts";
import { objectsOf } from "./osmMesh.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { requestRuleOf } from "./requestRules.ts";
import { matchesIn } from "./routes.ts";
import type { RouteMatch } from "./routes.ts";
import type { ReadTarget, TrafficTarget } from "./trafficTargets.ts";

const FIX =
  "Find out which requests the senders make, and add a rule with their exact values to the policy; npx aks-istio explain request shows who is refused.";

/** What becomes of the routes that policies refer to: they become parts of other objects. */
export function routeEntries(mesh: OsmMesh, all: readonly ReadTarget[]): readonly Entry[] {
  const groups = objectsOf(mesh, "HTTPRouteGroup");
  const targets = mesh.isPermissive ? [] : all.filter((one) => "destination" in one);
  const allowed = new Set(targets.flatMap((target) => target.matches.map(keyOf)));
  const usersOf = usersIn(mesh, targets);
  const ofGroups = groups.flatMap((group) => {
    const used = matchesIn(group).filter((match) => allowed.has(keyOf(match)));
    const judged = used.flatMap((match) => entryOfMatch(match) ?? []);
    const users = usersOf(group);
    const message =
      users.length === 0
        ? "Nothing that is enforced refers to it."
        : `It is part of what becomes of the ${users.join(" and the ")}.`;
    const rest = entryOf(group, users.length === 0 ? "unneeded" : "translated", message);
    return judged.length === 0 || judged.length < matchesIn(group).length
      ? [...judged, rest]
      : judged;
  });
  const ofTcp = objectsOf(mesh, "TCPRoute").map((route) => {
    const users = usersOf(route);
    return users.length === 0
      ? entryOf(route, "unneeded", "Nothing that is enforced refers to it.")
      : entryOf(
          route,
          "translated",
          `It is part of what becomes of the ${users.join(" and the ")}.`,
        );
  });
  const ofUdp = objectsOf(mesh, "UDPRoute").map((route) =>
    entryOf(route, "unneeded", "OSM does not read it, and neither mesh handles UDP."),
  );
  return [...ofGroups, ...ofTcp, ...ofUdp];
}

function keyOf({ group, name }: RouteMatch): string {
  return JSON.stringify([group.namespace, group.name, name]);
}

/** What is to be said about a match; undefined if its rule does the same. */
function entryOfMatch(match: RouteMatch): Entry | undefined {
  const rule = requestRuleOf(match);
  const about = { part: `match ${match.name}`, steps: match.steps };
  if (typeof rule === "string") {
    return entryOf(
      match.group,
      "untranslated",
      `${rule} Requests that only it allowed are refused.`,
      {
        ...about,
        fix: FIX,
      },
    );
  }
  if (!rule.isNarrower) return undefined;
  const values = [...(rule.operation.paths ?? []), ...rule.when.flatMap((one) => one.values)];
  const message = `Some of what its expressions match is refused: only ${values.join(" and ")} is allowed.`;
  return entryOf(match.group, "approximated", message, about);
}

/** The objects that refer to a route and are enforced. */
function usersIn(
  mesh: OsmMesh,
  targets: readonly TrafficTarget[],
): (route: Manifest) => readonly string[] {
  const users = new Map<string, Set<string>>();
  const enforced = [
    ...targets.map(({ manifest }) => manifest),
    ...objectsOf(mesh, "TrafficSplit"),
    ...objectsOf(mesh, "Egress"),
  ];
  for (const user of enforced) {
    const spec = specOf(user);
    for (const one of ["rules", "specs", "matches"].flatMap((field) => listAt(spec, field))) {
      const name = `${namespaceOf(user)}/${textAt(one, "name") ?? ""}`;
      users.set(name, (users.get(name) ?? new Set()).add(subjectOf(user)));
    }
  }
  return (route) => [...(users.get(`${namespaceOf(route)}/${route.name ?? ""}`) ?? [])];
}
