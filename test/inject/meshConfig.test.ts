import { expect, test } from "vitest";
import { mergedMeshConfig } from "../../inject/meshConfig.ts";

test("the add-on's fields are over the user's; proxies, providers and aliases are merged", () => {
  const user = {
    accessLogFile: "/dev/stdout",
    trustDomain: "user",
    defaultConfig: { concurrency: 2, proxyMetadata: { A: "user", B: "user" } },
    defaultProviders: { accessLogging: ["user"] },
    extensionProviders: [{ name: "same", a: 1 }, { name: "user" }],
    trustDomainAliases: ["a", "b"],
  };
  const addon = {
    trustDomain: "cluster.local",
    defaultConfig: { discoveryAddress: "istiod", proxyMetadata: { A: "addon" } },
    defaultProviders: { metrics: ["prometheus"] },
    extensionProviders: [{ name: "same", b: 2 }],
    trustDomainAliases: ["b"],
  };
  expect(mergedMeshConfig(user, addon)).toEqual({
    accessLogFile: "/dev/stdout",
    trustDomain: "cluster.local",
    defaultConfig: {
      concurrency: 2,
      discoveryAddress: "istiod",
      proxyMetadata: { A: "addon", B: "user" },
    },
    defaultProviders: { accessLogging: ["user"], metrics: ["prometheus"] },
    extensionProviders: [{ name: "same", b: 2 }, { name: "user" }],
    trustDomainAliases: ["a", "b"],
  });
  expect(mergedMeshConfig({}, { trustDomain: "a" })).toEqual({ trustDomain: "a" });
});
