import { defineConfig } from "vitest/config";

// Whole programs, properties over many of them, packages as a user installs them, pipelines, and shells: too slow for npm test.
export default defineConfig({
  test: {
    testTimeout: 0,
    hookTimeout: 0,
    maxWorkers: "100%",
    execArgv: ["--max-semi-space-size=64"],
    projects: [
      {
        extends: true,
        test: {
          name: "previews",
          include: ["test/previews/*.test.ts", "test/policy/properties.test.ts"],
          globalSetup: "test/previews/harness/globalSetup.ts",
          env: { PROPERTY_RUNS: "25" },
        },
      },
      {
        extends: true,
        test: {
          name: "packages",
          include: ["test/packages/packed.test.ts", "test/packages/installed.test.ts"],
          globalSetup: "test/packages/harness/globalSetup.ts",
        },
      },
      {
        extends: true,
        test: {
          name: "pipelines",
          include: ["test/pipelines/*.test.ts"],
          globalSetup: "test/pipelines/harness/globalSetup.ts",
        },
      },
      { extends: true, test: { name: "shells", include: ["test/shells/*.test.ts"] } },
    ],
  },
});
