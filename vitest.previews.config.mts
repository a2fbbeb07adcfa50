import { defineConfig } from "vitest/config";

// Whole programs, and properties over many of them: too slow for npm test.
export default defineConfig({
  test: {
    include: ["test/previews/*.test.ts", "test/policy/properties.test.ts"],
    globalSetup: "test/previews/harness/globalSetup.ts",
    env: { PROPERTY_RUNS: "25" },
    testTimeout: 0,
    hookTimeout: 0,
    maxWorkers: "100%",
    execArgv: ["--max-semi-space-size=64"],
  },
});
