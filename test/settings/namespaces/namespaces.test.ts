import { describe, expect, test } from "vitest";
import { meshNamespaces } from "../../../settings/namespaces/schema.ts";
import { accepted, problemsOf, withKey } from "../../support/settings.ts";

const wrong = (namespaces: object) => problemsOf(withKey("namespaces", namespaces));

test("a namespace is in the mesh, with no special settings, by default", () => {
  const said = { mesh: true, canary: true, defaultDeny: true, sidecarScope: [] };
  const { namespaces } = accepted(withKey("namespaces", { shop: {}, cart: said }));
  expect(namespaces).toEqual({
    shop: { mesh: true, canary: false, defaultDeny: false },
    cart: said,
  });
});

test("those outside the mesh are not mesh namespaces", () => {
  const { namespaces } = accepted(
    withKey("namespaces", { shop: { canary: true }, batch: { mesh: false }, cart: {} }),
  );
  expect(meshNamespaces(namespaces)).toMatchObject({
    shop: { canary: true },
    cart: { canary: false },
  });
  expect(Object.keys(meshNamespaces(namespaces))).toEqual(["shop", "cart"]);
});

describe("refuses", () => {
  test("options for the mesh on a namespace outside it", () => {
    const rule =
      "does not apply outside the mesh; remove it, or remove mesh: false from the namespace";
    const asked = { canary: true, defaultDeny: true, sidecarScope: [] };
    expect(wrong({ batch: { mesh: false, ...asked } })).toEqual([
      `aks-istio:namespaces.batch.canary: ${rule}`,
      `aks-istio:namespaces.batch.defaultDeny: ${rule}`,
      `aks-istio:namespaces.batch.sidecarScope: ${rule}`,
    ]);
    expect(wrong({ batch: { mesh: false, canary: false, defaultDeny: false } })).toEqual([]);
  });

  test("invalid or redundant namespaces in a sidecar scope", () => {
    expect(wrong({ shop: { sidecarScope: ["cart/*"] } })).toEqual([
      'aks-istio:namespaces.shop.sidecarScope[0]: found "cart/*"; must be the name of a namespace',
    ]);
    expect(wrong({ shop: { sidecarScope: ["cart", "aks-istio-system", "shop"] } })).toEqual([
      'aks-istio:namespaces.shop.sidecarScope[1]: found "aks-istio-system"; is always known to the namespace\'s sidecars; remove it',
      'aks-istio:namespaces.shop.sidecarScope[2]: found "shop"; is always known to the namespace\'s sidecars; remove it',
    ]);
    expect(wrong({ shop: { sidecarScope: ["cart", "aks-istio-egress"] } })).toEqual([]);
    expect(wrong({ shop: { sidecarScope: ["cart", "cart"] } })).toEqual([
      "aks-istio:namespaces.shop.sidecarScope: found a list; must not contain duplicates",
    ]);
  });
});
