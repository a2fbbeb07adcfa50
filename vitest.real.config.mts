import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/real/*.test.ts"],
    globalSetup: "test/real/harness/globalSetup.ts",
    // All of them share one API server, and must not meet each other's objects.
    fileParallelism: false,
    // No test fails for being slow; every wait for a condition has its own limit.
    testTimeout: 0,
    hookTimeout: 0,
    // Also names the tests that a user's cluster cannot run.
    reporters: ["verbose"],
  },
});
