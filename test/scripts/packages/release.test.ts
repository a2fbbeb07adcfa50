import { expect, test } from "vitest";
import { releaseOf, withVersion } from "../../../scripts/packages/release.ts";

const CHANGELOG = `# Changelog

## [Unreleased]

### Added

- Something new.

## [1.2.2] - 2026-01-02

- Something old.

## [1.2.1] - 2026-01-01
`;

test("a version gets the unreleased changes, and its release their text", () => {
  const changed = withVersion(CHANGELOG, "1.2.3", "2026-02-03");
  const text = "text" in changed ? changed.text : "";
  expect(text).toContain("## [Unreleased]\n\n## [1.2.3] - 2026-02-03\n\n### Added\n");
  expect(releaseOf("v1.2.3", "1.2.3", text)).toEqual({ notes: "### Added\n\n- Something new." });
  expect(releaseOf("v1.2.2", "1.2.2", text)).toEqual({ notes: "- Something old." });
});

test.each([
  ["v1.2.3", "1.2.4", "The tag is v1.2.3, but the packages have version 1.2.4."],
  ["1.2.2", "1.2.2", "The tag is 1.2.2, but the packages have version 1.2.2."],
  ["v1.2.3", "1.2.3", "CHANGELOG.md has no section [1.2.3]."],
  ["v1.2", "1.2", "CHANGELOG.md has no section [1.2]."],
  ["v1.2.1", "1.2.1", "The section [1.2.1] of CHANGELOG.md is empty."],
])("no release of the tag %s with the version %s", (tag, version, problem) => {
  expect(releaseOf(tag, version, CHANGELOG)).toEqual({
    problem: expect.stringContaining(problem) as string,
  });
});

test.each([
  ["", '"" is no version, such as 1.2.3 or 1.2.3-rc.1.'],
  ["v1.2.3", '"v1.2.3" is no version, such as 1.2.3 or 1.2.3-rc.1.'],
  ["1.2.2", "CHANGELOG.md has a section [1.2.2] already."],
])("CHANGELOG.md gets no heading for %j", (version, problem) => {
  expect(withVersion(CHANGELOG, version, "2026-02-03")).toEqual({ problem });
});

test("a changelog without unreleased changes is not changed", () => {
  expect(withVersion("# Changelog\n", "1.2.3", "2026-02-03")).toEqual({
    problem: "CHANGELOG.md has no section [Unreleased].",
  });
});
