import { expect, test } from "vitest";
import { previewRetirement } from "../../mesh/previewApis.ts";

test.each<[string, object | undefined]>([
  ["2025-09-01", undefined],
  ["2023-10-02-preview", { day: "2026-07-01", announced: true }],
  ["2024-09-02-preview", { day: "2026-07-01", announced: true }],
  ["2024-10-02-preview", { day: "2025-10-02", announced: false }],
  ["2025-10-02-preview", { day: "2026-10-02", announced: false }],
  ["preview", undefined],
])("%s: %j", (version, retirement) => {
  expect(previewRetirement(version)).toEqual(retirement);
});
