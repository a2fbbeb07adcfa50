import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/node/*.test.ts"],
    globalSetup: "test/node/harness/globalSetup.ts",
    // All of them share one node, and its two processors.
    fileParallelism: false,
    // Nothing fails for being slow; what waits for a condition has a bound of its own.
    testTimeout: 0,
    hookTimeout: 0,
    reporters: ["verbose"],
  },
});
