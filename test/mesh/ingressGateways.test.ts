import { expect, test } from "vitest";
import { ingressGatewayDeployment, ingressGatewayName } from "../../mesh/ingressGateways.ts";

test.each([
  ["External", "aks-istio-ingressgateway-external", "aks-istio-ingressgateway-external-asm-1-30"],
  ["Internal", "aks-istio-ingressgateway-internal", "aks-istio-ingressgateway-internal-asm-1-30"],
] as const)("the %s gateway", (kind, service, deployment) => {
  expect(ingressGatewayName(kind)).toBe(service);
  expect(ingressGatewayDeployment(kind, "asm-1-30")).toBe(deployment);
});
