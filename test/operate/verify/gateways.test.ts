import { expect, test } from "vitest";
import { gatewayApi } from "../../../operate/verify/gatewayApi.ts";
import { gateways } from "../../../operate/verify/gateways.ts";
import { aks, complaints, deployment, object, stack } from "./healthyMesh.ts";

const NAME = "aks-istio-ingressgateway-external";
const DEPLOYMENT = `Deployment aks-istio-ingress/${NAME}-asm-1-30`;
const SERVICE = `Service aks-istio-ingress/${NAME}`;

const components = (parts: object) => ({
  ...aks,
  serviceMeshProfile: {
    mode: "Istio",
    istio: { revisions: ["asm-1-30"], components: parts },
  },
});

test("a gateway has no Deployment for a revision", () => {
  expect(complaints(gateways, { remove: [DEPLOYMENT] })).toMatchInlineSnapshot(`
    "failed Deployment aks-istio-ingress/aks-istio-ingressgateway-external-asm-1-30: It does not exist, so no gateway aks-istio-ingressgateway-external follows asm-1-30.
      Wait until AKS has created it, or look for its events.
      $ kubectl get events --namespace aks-istio-ingress"
  `);
});

test("a gateway is not ready", () => {
  const patch = { [DEPLOYMENT]: { status: { availableReplicas: 0 } } };
  expect(complaints(gateways, { patch })).toMatchInlineSnapshot(`
    "failed Deployment aks-istio-ingress/aks-istio-ingressgateway-external-asm-1-30: It has 0 of 2 pods available.
      Look at its pods and their events.
      $ kubectl describe pods --namespace aks-istio-ingress --selector istio=aks-istio-ingressgateway-external"
  `);
});

test("the load balancer has no address", () => {
  const patch = { [SERVICE]: { status: { loadBalancer: { ingress: null } } } };
  expect(complaints(gateways, { patch })).toMatchInlineSnapshot(`
    "failed Service aks-istio-ingress/aks-istio-ingressgateway-external: The load balancer has given it no address.
      Its events say why, such as a missing role or a wrong annotation.
      $ kubectl describe service aks-istio-ingressgateway-external --namespace aks-istio-ingress"
  `);
});

test("a gateway has no Service", () => {
  expect(complaints(gateways, { remove: [SERVICE] })).toMatchInlineSnapshot(`
    "failed Service aks-istio-ingress/aks-istio-ingressgateway-external: It does not exist.
      Wait until AKS has created it, or look for its events.
      $ kubectl get events --namespace aks-istio-ingress"
  `);
});

test("the stack wants a gateway that ARM does not have", () => {
  const cluster = components({ ingressGateways: [{ mode: "External", enabled: false }] });
  expect(complaints(gateways, { cluster })).toMatchInlineSnapshot(`
    "failed gateway aks-istio-ingress/aks-istio-ingressgateway-external: The stack prod wants it, but ARM does not list it as enabled.
      Deploy the stack.
      $ pulumi up --stack prod"
  `);
});

test("ARM has a gateway that the stack does not want", () => {
  expect(complaints(gateways, { wanted: { ...stack, gateways: [] } })).toMatchInlineSnapshot(`
    "failed gateway aks-istio-ingress/aks-istio-ingressgateway-external: ARM lists it as enabled, but the stack prod does not want it.
      Add it to the stack's gateways, or deploy the stack, which removes it."
  `);
});

test("an egress gateway is judged where ARM says that it is", () => {
  const egress = { name: "partners", namespace: "egress", enabled: true };
  const cluster = components({ egressGateways: [egress] });
  const change = { cluster, wanted: undefined };
  expect(complaints(gateways, change)).toContain(
    "failed Deployment egress/partners-asm-1-30: It does not exist",
  );
  const labels = { istio: "partners", "istio.io/rev": "asm-1-30" };
  const add = [
    deployment("egress/partners-asm-1-30", labels, "proxyv2:1"),
    object("v1", "Service", "egress/partners"),
  ];
  expect(complaints(gateways, { ...change, add })).toBe("");
});

test("istiod has not programmed a gateway of the Gateway API", () => {
  const condition = {
    type: "Programmed",
    status: "False",
    reason: "AddressNotAssigned",
    message: "no address",
  };
  const patch = { "Gateway orders/edge": { status: { conditions: [condition] } } };
  expect(complaints(gatewayApi, { patch })).toMatchInlineSnapshot(`
    "failed Gateway orders/edge: It has Programmed False (AddressNotAssigned: no address).
      Its status says what is missing.
      $ kubectl describe gateways.gateway.networking.k8s.io edge --namespace orders"
  `);
  const stale = { "Gateway orders/edge": { metadata: { generation: 2 } } };
  expect(complaints(gatewayApi, { patch: stale })).toContain(
    "It has a change that its controller has not seen yet.",
  );
  const foreign = { "Gateway orders/edge": { spec: { gatewayClassName: "nginx" }, status: null } };
  expect(complaints(gatewayApi, { patch: foreign })).toBe("");
});
