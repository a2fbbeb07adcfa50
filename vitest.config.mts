import { defineConfig } from "vitest/config";

/** Tests that keep no state between files: packages are loaded once for all of them. */
const PURE = [
  "test/text/**/*.test.ts",
  "test/yaml/**/*.test.ts",
  "test/inject/**/*.test.ts",
  "test/manifests/**/*.test.ts",
  "test/check/**/*.test.ts",
  "test/mesh/**/*.test.ts",
  "test/settings/**/*.test.ts",
  "test/policy/**/*.test.ts",
  "test/components/**/*.test.ts",
  "test/rehearsal/**/*.test.ts",
];

export default defineConfig({
  test: {
    // Many tests start processes, which a slow machine delays beyond any fixed limit.
    testTimeout: 0,
    hookTimeout: 0,
    // All cores: by default, Vitest keeps one free for watching, which is half of a small machine.
    maxWorkers: "100%",
    // Recorded mocks outlive the smallest heap generation by far; a larger one saves a third of the time.
    execArgv: ["--max-semi-space-size=64"],
    projects: [
      { extends: true, test: { name: "pure", include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["test/**/*.test.ts"],
          // Some take their time and have commands of their own; programs are what is tested.
          exclude: [
            ...PURE,
            "test/real/**",
            "test/deploy/**",
            "test/node/**",
            "test/previews/**",
            "test/packages/{packed,installed}.test.ts",
            "test/page/**",
            "test/pipelines/**",
            "test/shells/**",
            "test/programs/**",
          ],
        },
      },
    ],
  },
});
