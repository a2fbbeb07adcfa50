import { expect, test } from "vitest";
import { ClusterAccess } from "../../../components/access/ClusterAccess.ts";
import { mockEngine, resolved } from "../../support/mocks.ts";

const PEOPLE = ["0d0ffe9a-6d0b-4d0c-8c57-3d1d7a9a4b11", "5b3a3a8e-2f7e-43a7-9d59-0d5a2b7c9e22"];

test("creates one security group with exactly the administrators", async () => {
  const engine = await mockEngine({
    outputs: { "azuread:index/group:Group": { objectId: "c0ffee00-0000-4000-8000-000000000001" } },
  });
  const access = new ClusterAccess("access", {
    groupName: "aks-istio-test-administrators",
    administrators: PEOPLE,
  });
  await engine.settle();

  expect(engine.identities()).toEqual([
    "aks-istio:index:ClusterAccess$azuread:index/group:Group::access",
    "aks-istio:index:ClusterAccess::access",
  ]);
  expect(engine.one("azuread:index/group:Group", "access").inputs).toEqual({
    displayName: "aks-istio-test-administrators",
    description: "Administrators of an AKS cluster; members are managed by Pulumi",
    securityEnabled: true,
    preventDuplicateNames: true,
    members: PEOPLE,
  });
  expect(await resolved(access.adminGroupObjectId)).toBe("c0ffee00-0000-4000-8000-000000000001");
});
