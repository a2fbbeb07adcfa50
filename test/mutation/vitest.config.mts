import { join } from "node:path";
import { defineConfig } from "vitest/config";

const tests = process.env["MUTATION_TESTS"];
if (tests === undefined) throw new Error("Run `npm run test:mutation`, which selects the tests.");

// The tests that judge the code which Stryker changes. Whole programs would take minutes for each change.
export default defineConfig({
  root: join(import.meta.dirname, "../.."),
  // All that rules and their tests use of the SDK. Loading the rest would take longer than the tests, for each change.
  resolve: { alias: [{ find: /^@pulumi\/policy$/, replacement: "@pulumi/policy/proxy.js" }] },
  test: {
    include: tests.split(","),
    // Packages are loaded once for all changes, not once for each.
    isolate: false,
    testTimeout: 0,
    hookTimeout: 0,
  },
});
