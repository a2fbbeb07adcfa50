import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // test/real and test/previews take their time and have commands of their own; the programs are what is tested.
    exclude: ["test/real/**", "test/previews/**", "test/programs/**"],
    // Many tests start processes of their own, which a slow machine delays and a fixed limit would fail.
    testTimeout: 0,
    hookTimeout: 0,
    // All cores: the default keeps one free for watching, which is half of a small machine.
    maxWorkers: "100%",
  },
});
