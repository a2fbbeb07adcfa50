import { expect, test } from "vitest";
import { parse } from "yaml";
import { kubeloginKubeconfig } from "../../../components/cluster/kubeconfig.ts";
import { EXEC_KUBECONFIG } from "../../support/azure.ts";

test("keeps only the server of AKS's interactive login", () => {
  expect(parse(kubeloginKubeconfig(EXEC_KUBECONFIG, "azurecli"))).toEqual({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "mesh",
        cluster: {
          server: "https://mesh-abcd.hcp.westeurope.azmk8s.io:443",
          "certificate-authority-data": "Q0E=",
        },
      },
    ],
    contexts: [{ name: "mesh", context: { cluster: "mesh", user: "clusterUser_group_mesh" } }],
    "current-context": "mesh",
    preferences: {},
    users: [
      {
        name: "clusterUser_group_mesh",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "kubelogin",
            args: [
              "get-token",
              "--login",
              "azurecli",
              "--server-id",
              "6dae42f8-4368-4678-94ff-3960e28e3630",
            ],
            env: null,
            provideClusterInfo: false,
          },
        },
      },
    ],
  });
});

test.each(["azd", "msi", "workloadidentity"] as const)("logs in with %s if requested", (mode) => {
  const config = kubeloginKubeconfig(EXEC_KUBECONFIG, mode);
  expect(config).toContain(`- ${mode}\n`);
  expect(config).not.toContain("devicecode");
});

test("converting twice changes nothing", () => {
  const once = kubeloginKubeconfig(EXEC_KUBECONFIG, "azurecli");
  expect(kubeloginKubeconfig(once, "azurecli")).toBe(once);
});

test.each([
  ["invalid YAML", "users: [planted"],
  ["YAML that is not a kubeconfig", "planted: true"],
  ["a kubeconfig with a token", "users: [{ name: admin, user: { token: planted } }]"],
  ["a kubeconfig of the format azure", "users: [{ user: { auth-provider: { name: planted } } }]"],
])("refuses %s, and quotes none of it", (_, text) => {
  const refusal = refusalOf(text);
  expect(refusal).toBe(
    "AKS did not return a kubeconfig with exec users. Check that Entra ID is enabled on the cluster.",
  );
});

test.each([
  ["no --server-id", ["get-token", "--login", "devicecode"]],
  ["a --server-id without a value", ["get-token", "--server-id"]],
])("refuses a user with %s", (_, args) => {
  expect(refusalOf(JSON.stringify({ users: [{ user: { exec: { args } } }] }))).toBe(
    "A user of the kubeconfig has no --server-id, which kubelogin requires.",
  );
});

function refusalOf(text: string): string {
  try {
    return kubeloginKubeconfig(text, "azurecli");
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
}
