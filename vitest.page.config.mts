import { defineConfig } from "vitest/config";

// The page of preview --html in a real browser.
export default defineConfig({
  test: {
    include: ["test/page/*.test.ts"],
    testTimeout: 0,
    hookTimeout: 0,
    reporters: ["verbose"],
  },
});
