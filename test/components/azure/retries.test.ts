import type * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  retryUntilAddOnsArrive,
  retryUntilRolesArrive,
} from "../../../components/azure/retries.ts";
import { mockEngine } from "../../support/mocks.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

async function hookOf(
  bind: (name: string) => pulumi.ResourceHookBinding,
): Promise<pulumi.ErrorHook> {
  await mockEngine();
  const [hook, ...others] = bind("mesh").onError ?? [];
  if (hook === undefined || others.length > 0) throw new Error("It is not one hook.");
  return hook;
}

const SERVICE_PATCH = "kubernetes:core/v1:ServicePatch";

/** Whether the operation is retried, and the known delay in seconds. */
async function asked(
  hook: pulumi.ErrorHook,
  error: string,
  { type = SERVICE_PATCH, urn = "urn" } = {},
): Promise<{ readonly again: boolean; readonly seconds: number }> {
  const start = Date.now();
  const answer = hook.callback({
    urn,
    id: "",
    name: "external",
    type,
    failedOperation: "create",
    errors: [error, "the one before"],
  });
  await vi.runAllTimersAsync();
  return { again: await answer, seconds: (Date.now() - start) / 1000 };
}

// As the provider reports the API server's error.
const REFUSED = 'resource "urn" was not successfully created by the Kubernetes API server: ';

describe("waits for what AKS has yet to install:", () => {
  test.each([
    ["a namespace", SERVICE_PATCH, 'namespaces "aks-istio-ingress" not found'],
    [
      "the Service of a gateway",
      SERVICE_PATCH,
      'Service "aks-istio-ingressgateway-external" is invalid: spec.ports: Required value',
    ],
    [
      "the autoscaler of a gateway",
      "kubernetes:autoscaling/v2:HorizontalPodAutoscalerPatch",
      'HorizontalPodAutoscaler.autoscaling "external" is invalid: [spec.scaleTargetRef.kind: Required value, spec.scaleTargetRef.name: Required value]',
    ],
    [
      "a kind",
      "kubernetes:security.istio.io/v1:PeerAuthentication",
      'Verify that any required CRDs have been created: no matches for kind "PeerAuthentication" in version "security.istio.io/v1"',
    ],
    [
      "the control plane behind its webhook",
      "kubernetes:telemetry.istio.io/v1:Telemetry",
      'Internal error occurred: failed calling webhook "rev.validation.istio.io": no endpoints available for service "istiod-asm-1-30"',
    ],
  ])("%s", async (_, type, message) => {
    const hook = await hookOf(retryUntilAddOnsArrive);
    expect(await asked(hook, REFUSED + message, { type })).toEqual({ again: true, seconds: 15 });
  });

  test.each([
    [
      "a missing field",
      "kubernetes:core/v1:Service",
      'Service "frontend" is invalid: spec.ports: Required value',
    ],
    ["an invalid field", SERVICE_PATCH, 'Service "external" is invalid: spec: Forbidden'],
    [
      "the Gateway API, which the user must install",
      "kubernetes:gateway.networking.k8s.io/v1:Gateway",
      'no matches for kind "Gateway" in version "gateway.networking.k8s.io/v1"',
    ],
    ["an expired login", SERVICE_PATCH, "Unauthorized"],
  ])("but not for %s", async (_, type, message) => {
    const hook = await hookOf(retryUntilAddOnsArrive);
    expect(await asked(hook, REFUSED + message, { type })).toEqual({ again: false, seconds: 0 });
  });
});

describe("waits for a role that AKS does not see yet:", () => {
  const CLUSTER = { type: "azure-native:containerservice:ManagedCluster" };

  test.each([
    [
      "the role on the kubelet identity",
      `Code="CustomKubeletIdentityMissingPermissionError" Message="The cluster using user-assigned managed identity must be granted 'Managed Identity Operator' role to assign kubelet identity."`,
    ],
    [
      "the role on the private DNS zone",
      `Code="CustomPrivateDNSZoneMissingPermissionError" Message="Service principal or user-assigned identity must be given permission to read and write to custom private dns zone"`,
    ],
    [
      "any role that AKS checks in advance",
      "Check access result not allowed for action Microsoft.Network/virtualNetworks/subnets/join/action.",
    ],
  ])("%s", async (_, error) => {
    const hook = await hookOf(retryUntilRolesArrive);
    expect(await asked(hook, error, CLUSTER)).toEqual({ again: true, seconds: 15 });
  });

  test.each([
    `Code="AuthorizationFailed" Message="The client does not have authorization to perform action 'Microsoft.ContainerService/managedClusters/write'"`,
    "cannot create already existing resource",
  ])("but not for %s", async (error) => {
    const hook = await hookOf(retryUntilRolesArrive);
    expect(await asked(hook, error, CLUSTER)).toEqual({ again: false, seconds: 0 });
  });
});

test("stops after ten minutes, for each resource separately", async () => {
  const hook = await hookOf(retryUntilAddOnsArrive);
  const late = 'namespaces "aks-istio-ingress" not found';
  const attempts: boolean[] = [];
  for (let attempt = 0; attempt < 42; attempt += 1) attempts.push((await asked(hook, late)).again);
  expect(attempts.lastIndexOf(true)).toBe(39);
  expect(attempts.filter((again) => again)).toHaveLength(40);
  expect(await asked(hook, late, { urn: "other" })).toEqual({ again: true, seconds: 15 });
});

test("a preview does not wait", async () => {
  const engine = await mockEngine({ preview: true });
  expect(retryUntilAddOnsArrive("mesh")).toEqual({});
  expect(retryUntilRolesArrive("mesh")).toEqual({});
  expect(engine.errorHooks.size).toBe(0);
});
