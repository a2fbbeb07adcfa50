import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/deploy/*.test.ts"],
    globalSetup: "test/deploy/harness/globalSetup.ts",
    // No test fails for being slow; every wait for a condition has its own limit.
    testTimeout: 0,
    hookTimeout: 0,
    // One engine and one program per processor.
    maxConcurrency: 2,
    maxWorkers: 2,
    reporters: ["verbose"],
  },
});
