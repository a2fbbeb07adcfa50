import { describe, expect, test } from "vitest";
import { GATEWAY_ANNOTATIONS, annotationProblems } from "../../mesh/gatewayAnnotations.ts";
import type { IngressGatewayKind } from "../../mesh/ingressGateways.ts";

const AZURE = "service.beta.kubernetes.io/";

function problemOf(name: string, value: string, kind: IngressGatewayKind): string | undefined {
  const [problem, ...more] = annotationProblems({ [name]: value }, kind);
  expect(more).toEqual([]);
  if (problem !== undefined) expect(problem).toMatchObject({ severity: "error", path: name });
  return problem?.message;
}

// https://learn.microsoft.com/azure/aks/istio-deploy-ingress#annotations
test("are exactly those that AKS documents", () => {
  const ofAPort = [
    "no_lb_rule",
    "no_probe_rule",
    "health-probe_protocol",
    "health-probe_port",
    "health-probe_interval",
    "health-probe_num-of-probe",
    "health-probe_request-path",
  ];
  expect([...GATEWAY_ANNOTATIONS].sort()).toEqual(
    [
      "external-dns.alpha.kubernetes.io/hostname",
      `${AZURE}azure-allowed-ip-ranges`,
      `${AZURE}azure-allowed-service-tags`,
      `${AZURE}azure-disable-load-balancer-floating-ip`,
      `${AZURE}azure-load-balancer-internal-subnet`,
      `${AZURE}azure-load-balancer-ipv4`,
      `${AZURE}azure-load-balancer-disable-tcp-reset`,
      `${AZURE}azure-load-balancer-resource-group`,
      `${AZURE}azure-load-balancer-tcp-idle-timeout`,
      `${AZURE}azure-pip-ip-tags`,
      `${AZURE}azure-pip-name`,
      `${AZURE}azure-shared-securityrule`,
      ...ofAPort.flatMap((name) => [`${AZURE}port_80_${name}`, `${AZURE}port_443_${name}`]),
    ].sort(),
  );
});

describe("a value", () => {
  const BOOLEAN = 'must be "true" or "false"';
  const RANGES =
    "must be comma-separated IPv4 ranges in CIDR notation, each starting at its first address";
  const PORT = "must be a port from 1 to 65535 or the name of one of the Service's ports";
  test.each<[name: string, right: readonly string[], wrong: readonly string[], rule: string]>([
    [
      "external-dns.alpha.kubernetes.io/hostname",
      ["shop.example.com", "shop.example.com, api.example.com"],
      ["", "*.example.com", "shop.example.com,"],
      "must be comma-separated host names",
    ],
    [
      `${AZURE}azure-allowed-ip-ranges`,
      ["198.51.100.0/24", "198.51.100.0/24,203.0.113.0/25"],
      ["198.51.100.1/24", "198.51.100.0", "198.51.100.0/24 203.0.113.0/25"],
      RANGES,
    ],
    [
      `${AZURE}azure-allowed-service-tags`,
      ["AzureFrontDoor.Backend", "AzureCloud.westeurope,Storage"],
      ["", "198.51.100.0/24"],
      "must be comma-separated service tags",
    ],
    [`${AZURE}azure-shared-securityrule`, ["true", "false"], ["True", "yes", ""], BOOLEAN],
    [`${AZURE}port_443_no_probe_rule`, ["true", "false"], ["1"], BOOLEAN],
    [
      `${AZURE}azure-load-balancer-ipv4`,
      ["10.224.0.42"],
      ["10.224.0.256", "10.224.0.0/24", "::1"],
      "must be an IPv4 address",
    ],
    [
      `${AZURE}azure-load-balancer-tcp-idle-timeout`,
      ["4", "30"],
      ["3", "31", "4.5", "4m", ""],
      "must be a number of minutes from 4 to 30",
    ],
    [
      `${AZURE}port_80_health-probe_protocol`,
      ["Tcp", "http", "HTTPS"],
      ["udp", "httpss"],
      "must be Tcp, Http or Https",
    ],
    [
      `${AZURE}port_80_health-probe_port`,
      ["1", "65535", "status-port"],
      ["0", "65536", "Status", ""],
      PORT,
    ],
    [
      `${AZURE}port_443_health-probe_interval`,
      ["5", "60"],
      ["4", "-5", "5s"],
      "must be a number of seconds, 5 or more",
    ],
    [
      `${AZURE}port_443_health-probe_num-of-probe`,
      ["1", "3"],
      ["0", "two"],
      "must be a number of probes, 1 or more",
    ],
    [
      `${AZURE}port_443_health-probe_request-path`,
      ["/", "/healthz/ready"],
      ["healthz", "/a b", ""],
      "must be a path that starts with /",
    ],
  ])("of %s", (name, right, wrong, rule) => {
    expect(right.map((value) => problemOf(name, value, "External"))).toEqual(
      right.map(() => undefined),
    );
    expect(wrong.map((value) => problemOf(name, value, "External"))).toEqual(wrong.map(() => rule));
  });
});

describe("for one kind of gateway", () => {
  test.each<[string, string, IngressGatewayKind]>([
    [`${AZURE}azure-load-balancer-internal-subnet`, "ingress", "Internal"],
    [`${AZURE}azure-load-balancer-resource-group`, "addresses", "External"],
    [`${AZURE}azure-pip-name`, "ingress", "External"],
    [`${AZURE}azure-pip-ip-tags`, "RoutingPreference=Internet", "External"],
  ])("%s", (name, value, kind) => {
    const other = kind === "Internal" ? "External" : "Internal";
    expect(problemOf(name, value, kind)).toBeUndefined();
    expect(problemOf(name, value, other)).toBe(
      `does not apply to an ${other.toLowerCase()} gateway; remove it`,
    );
  });
});

test("an unknown one is an error with a suggestion", () => {
  expect(problemOf(`${AZURE}azure-pip-nam`, "ingress", "External")).toBe(
    `AKS removes this annotation from the gateway's Service; did you mean ${AZURE}azure-pip-name?`,
  );
  expect(problemOf("team", "shop", "External")).toBe(
    "AKS removes this annotation from the gateway's Service; remove it",
  );
  // The kind of the gateway decides whether its load balancer is internal.
  expect(problemOf(`${AZURE}azure-load-balancer-internal`, "true", "Internal")).toMatch(
    /^AKS removes this annotation/,
  );
});

test("all problems are reported at once", () => {
  const annotations = { [`${AZURE}azure-pip-name`]: "", team: "shop" };
  expect(annotationProblems(annotations, "External").map(({ path }) => path)).toEqual([
    `${AZURE}azure-pip-name`,
    "team",
  ]);
});
