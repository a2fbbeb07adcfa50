import { expect, test } from "vitest";
import { Observability } from "../../../settings/observability/schema.ts";
import { checkAuditLogs, checkGrafanaRoles } from "../../../settings/observability/rules.ts";
import { generalRule } from "../../../settings/core/wording.ts";

const SOMEBODY = "5b3a3a8e-2f7e-43a7-9d59-0d5a2b7c9e22";
const ANOTHER = "0d0ffe9a-6d0b-4d0c-8c57-3d1d7a9a4b11";
const NOBODY = { users: [], groups: [], servicePrincipals: [] };

const DEFAULTS = {
  enabled: true,
  metrics: { scrapeIntervalInSeconds: 30, histograms: "durations" },
  logs: {
    retentionInDays: 30,
    containers: true,
    controlPlane: ["kube-audit-admin", "guard", "kube-controller-manager", "cluster-autoscaler"],
  },
  grafana: { admins: NOBODY, editors: NOBODY, viewers: NOBODY },
  publicNetworkAccess: { ingestion: true, query: true, grafana: true },
};

/** One line for each mistake; none if it is valid. */
function problemsOf(value: unknown): readonly string[] {
  const { error } = Observability.safeParse(value, { error: generalRule });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test.each([[undefined], [{}]])("fills in all defaults of %j", (value) => {
  expect(Observability.parse(value)).toEqual(DEFAULTS);
});

test("accepts every field", () => {
  const all = {
    enabled: false,
    metrics: { scrapeInterval: "1m", histograms: "none" },
    logs: { retentionInDays: 90, containers: false, controlPlane: ["kube-audit"] },
    grafana: {
      admins: { servicePrincipals: [SOMEBODY] },
      editors: { groups: [] },
      viewers: { users: [ANOTHER] },
    },
    publicNetworkAccess: { ingestion: false, query: false, grafana: false },
  };
  expect(Observability.parse(all)).toEqual({
    ...all,
    metrics: { scrapeIntervalInSeconds: 60, histograms: "none" },
    grafana: {
      admins: { ...NOBODY, servicePrincipals: [SOMEBODY] },
      editors: NOBODY,
      viewers: { ...NOBODY, users: [ANOTHER] },
    },
  });
});

const INTERVAL =
  "must be from 15s to 2m: Istio's dashboards show rates over five minutes, and a shorter interval costs more than it shows";
const PEOPLE =
  "must be the object ID, a GUID, of a user, group or service principal in Entra ID; `az ad signed-in-user show --query id` prints yours";

test.each<[unknown, string]>([
  [{ metric: {} }, ": no such setting; did you mean metrics?"],
  [{ enabled: "yes" }, "enabled: must be true or false"],
  [{ metrics: { scrapeInterval: "14s" } }, `metrics.scrapeInterval: ${INTERVAL}`],
  [{ metrics: { scrapeInterval: "121s" } }, `metrics.scrapeInterval: ${INTERVAL}`],
  [
    { metrics: { scrapeInterval: "often" } },
    "metrics.scrapeInterval: must be a duration of at least one second, such as 10m, 90s or 1h30m",
  ],
  [
    { metrics: { histograms: "duration" } },
    "metrics.histograms: must be one of none, durations, all; did you mean durations?",
  ],
  [
    { logs: { retentionInDays: 29 } },
    "logs.retentionInDays: must be the number of days, a whole number from 30 to 730",
  ],
  [
    { logs: { retentionInDays: 731 } },
    "logs.retentionInDays: must be the number of days, a whole number from 30 to 730",
  ],
  [
    { logs: { retentionInDays: 30.5 } },
    "logs.retentionInDays: must be the number of days, a whole number from 30 to 730",
  ],
  [{ logs: { containers: 1 } }, "logs.containers: must be true or false"],
  [{ logs: { controlPlane: "guard" } }, "logs.controlPlane: must be a list"],
  [
    { logs: { controlPlane: ["guard", "guard"] } },
    "logs.controlPlane: must not contain duplicates",
  ],
  [{ grafana: { admins: [SOMEBODY] } }, "grafana.admins: must be a map of settings"],
  [
    { grafana: { viewers: { user: [SOMEBODY] } } },
    "grafana.viewers: no such setting; did you mean users?",
  ],
  [{ grafana: { viewers: { users: ["me@example.com"] } } }, `grafana.viewers.users.0: ${PEOPLE}`],
  [{ publicNetworkAccess: false }, "publicNetworkAccess: must be a map of settings"],
])("refuses %j", (value, line) => {
  expect(problemsOf(value)).toEqual([line]);
});

test("refuses an unknown log category, with a suggestion", () => {
  const [line = "", ...others] = problemsOf({ logs: { controlPlane: ["kube-audit-admn"] } });
  expect(others).toEqual([]);
  expect(line).toMatch(/^logs\.controlPlane\.0: must be one of cloud-controller-manager, .*/);
  expect(line).toMatch(/; did you mean kube-audit-admin\?$/);
});

test.each([
  [{ metrics: { scrapeInterval: "15s" } }],
  [{ metrics: { scrapeInterval: "2m" } }],
  [{ metrics: { histograms: "all" } }],
  [{ logs: { retentionInDays: 730 } }],
  [{ logs: { controlPlane: [] } }],
  [{ grafana: { viewers: { users: [SOMEBODY.toUpperCase()] } } }],
])("accepts, on the valid side of each boundary, %j", (value) => {
  expect(problemsOf(value)).toEqual([]);
});

test.each<[unknown, string, readonly (string | number)[]]>([
  [
    { admins: { users: [SOMEBODY] }, viewers: { users: [ANOTHER, SOMEBODY] } },
    "admins.users",
    ["viewers", "users", 1],
  ],
  [
    { editors: { users: [SOMEBODY], groups: [SOMEBODY.toUpperCase()] } },
    "editors.users",
    ["editors", "groups", 0],
  ],
  [
    { viewers: { users: [SOMEBODY, SOMEBODY.toUpperCase()] } },
    "viewers.users",
    ["viewers", "users", 1],
  ],
])("refuses a principal in two places: %j", (grafana, first, steps) => {
  expect(checkGrafanaRoles({ observability: { grafana } })).toEqual([
    {
      steps: ["observability", "grafana", ...steps],
      rule: `is already in ${first}; list it once`,
    },
  ]);
});

test.each([
  [{ admins: { users: [SOMEBODY] }, viewers: { users: [ANOTHER] } }],
  // The list itself reports it.
  [{ viewers: { users: [SOMEBODY, SOMEBODY] } }],
  // Their shape reports it.
  [{ admins: "somebody", viewers: { users: SOMEBODY } }],
  [undefined],
])("reports nothing else about principals in %j", (grafana) => {
  expect(checkGrafanaRoles({ observability: { grafana } })).toEqual([]);
});

test("refuses to store the audit log twice", () => {
  const observability = { logs: { controlPlane: ["kube-audit", "guard", "kube-audit-admin"] } };
  expect(checkAuditLogs({ observability })).toEqual([
    {
      steps: ["observability", "logs", "controlPlane", 2],
      rule: "is part of kube-audit, which is also in the list: it would be stored and billed twice; remove one",
    },
  ]);
});

test.each([[["kube-audit", "guard"]], [["kube-audit-admin"]], [[]], ["kube-audit"], [undefined]])(
  "accepts one audit log or none: %j",
  (controlPlane) => {
    expect(checkAuditLogs({ observability: { logs: { controlPlane } } })).toEqual([]);
  },
);
