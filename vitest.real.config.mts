import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/real/*.test.ts"],
    globalSetup: "test/real/harness/globalSetup.ts",
    // All of them share one API server, and what one leaves behind must not meet another at work.
    fileParallelism: false,
    // Nothing fails for being slow; what waits for a condition has a bound of its own.
    testTimeout: 0,
    hookTimeout: 0,
    // Names also the tests that a cluster of the user's own cannot run.
    reporters: ["verbose"],
  },
});
