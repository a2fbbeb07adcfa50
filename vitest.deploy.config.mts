import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/deploy/*.test.ts"],
    globalSetup: "test/deploy/harness/globalSetup.ts",
    // Nothing fails for being slow; what waits for a condition has a bound of its own.
    testTimeout: 0,
    hookTimeout: 0,
    // An engine and a program at a time for each processor.
    maxConcurrency: 2,
    maxWorkers: 2,
    reporters: ["verbose"],
  },
});
