import { defineConfig } from "vitest/config";

// The tests that judge the code which Stryker changes. Whole programs would take minutes for each change.
export default defineConfig({
  test: {
    include: ["test/mesh/*.test.ts", "test/policy/rules/ns/*.test.ts"],
    // Packages are loaded once for all changes, not once for each.
    isolate: false,
    testTimeout: 0,
    hookTimeout: 0,
  },
});
