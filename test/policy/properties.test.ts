import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sidecarInjection } from "../../mesh/injection.ts";
import { LEGACY_INJECTION_LABEL, REVISION_LABEL } from "../../mesh/names.ts";
import { rules } from "../../policy/rules.ts";
import { nsNoLegacyInjectionLabel } from "../../policy/rules/ns/ns-no-legacy-injection-label.ts";
import { nsRevisionOnCluster } from "../../policy/rules/ns/ns-revision-on-cluster.ts";
import { beside, compliant, mesh, provider, replaced } from "../support/compliantStack.ts";
import { UNKNOWN, cluster, kubernetes, namespace } from "../support/fixtures.ts";
import type { Fixture, Props } from "../support/fixtures.ts";
import { remediate, run } from "../support/policy.ts";

/** Any JSON value, and the markers that a preview adds. */
const anything = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  fc.constantFrom<unknown>(
    UNKNOWN,
    null,
    [UNKNOWN],
    { items: UNKNOWN },
    { enabled: "true" },
    0,
    "",
    [],
  ),
);

/** Every path in a value. */
function places(value: unknown): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[]];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [[], ...entries.flatMap(([key, below]) => places(below).map((path) => [key, ...path]))];
}

/** How often a property over whole stacks runs; the slow suite runs it more often. */
const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 5);

describe("for any program", () => {
  test("a compliant stack has no findings", async () => {
    expect(await run(rules, [...compliant, ...beside, provider])).toEqual([]);
  });

  test.each(compliant.map((fixture) => [`${fixture.type} ${fixture.name}`, fixture] as const))(
    "no rule throws on odd properties of %s",
    async (_, fixture) => {
      const place = fc.constantFrom(...places(fixture.props));
      await fc.assert(
        fc.asyncProperty(place, anything, async (path, value) => {
          const props = replaced(fixture.props, path, value);
          const odd: Fixture = {
            ...fixture,
            props: typeof props === "object" && props !== null ? (props as Props) : {},
          };
          // Among related resources that the rules may read.
          const stack = [
            mesh,
            provider,
            ...beside,
            ...compliant.filter((one) => one !== fixture && one !== mesh),
            odd,
          ];
          for (const { message, policy } of await run(rules, stack)) {
            expect(message, policy).toMatch(/^\w+ ".*": .+[.?]$/s);
          }
          await remediate(rules, stack);
        }),
        { numRuns: RUNS },
      );
    },
  );
});

describe("a namespace of the mesh passes if and only if its pods get a sidecar", () => {
  const revision = fc.constantFrom("asm-1-28", "asm-1-29", "asm-1-30", "asm-1-31");
  const tag = fc.constantFrom("prod", "canary");

  test("according to the injection table", async () => {
    let injected = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(revision, { minLength: 1, maxLength: 2 }),
        fc.dictionary(tag, revision, { maxKeys: 2 }),
        fc.oneof(
          { weight: 3, arbitrary: revision },
          { weight: 2, arbitrary: tag },
          fc.constantFrom("default", "1-30-1", ""),
        ),
        fc.option(fc.constantFrom("enabled", "disabled", ""), { nil: undefined, freq: 1 }),
        async (revisions, revisionTags, wanted, legacy) => {
          const labels = {
            [REVISION_LABEL]: wanted,
            ...(legacy !== undefined && { [LEGACY_INJECTION_LABEL]: legacy }),
          };
          const verdict = sidecarInjection(
            {
              namespace: { name: "shop", labels },
              pod: { labels: {}, annotations: {}, hostNetwork: false },
            },
            { revisions, tags: revisionTags },
          );
          const on = cluster({ serviceMeshProfile: { mode: "Istio", istio: { revisions } } });
          const by = kubernetes(on);
          const reports = await run(
            [nsNoLegacyInjectionLabel, nsRevisionOnCluster],
            [on, by, namespace(by, labels)],
            {
              config: { "mesh-scope": { revisionTags } },
            },
          );
          expect(reports.length === 0).toBe(verdict.outcome === "injected");
          if (verdict.outcome === "injected") injected++;
          else refused++;
        },
      ),
      { numRuns: 500 },
    );
    // Both answers occurred often enough to be meaningful.
    expect(Math.min(injected, refused)).toBeGreaterThan(50);
  });
});
