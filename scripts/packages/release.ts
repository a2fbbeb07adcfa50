/** A version according to Semantic Versioning, without build metadata. */
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/** The notes of a release, or what stops it. */
export type Release = { readonly notes: string } | { readonly problem: string };

/**
 * The notes of a release from CHANGELOG.md.
 *
 * @param tag the Git tag of the release, such as `v1.2.3`
 * @param version the version of the packages
 */
export function releaseOf(tag: string, version: string, changelog: string): Release {
  if (tag !== `v${version}`) {
    return {
      problem: `The tag is ${tag}, but the packages have version ${version}. Tag a commit whose packages have the version, as v${version}.`,
    };
  }
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) {
    return {
      problem: `CHANGELOG.md has no section [${version}]. npm run set:version -- ${version} writes its heading.`,
    };
  }
  const notes = section.slice(section.indexOf("\n")).trim();
  return notes === ""
    ? { problem: `The section [${version}] of CHANGELOG.md is empty. Say what changed.` }
    : { notes };
}

/** CHANGELOG.md with a heading for a version below the one for unreleased changes, or why that cannot be. */
export function withVersion(
  changelog: string,
  version: string,
  day: string,
): { readonly text: string } | { readonly problem: string } {
  if (!VERSION.test(version)) {
    return { problem: `"${version}" is no version, such as 1.2.3 or 1.2.3-rc.1.` };
  }
  if (changelog.includes(`\n## [${version}]`)) {
    return { problem: `CHANGELOG.md has a section [${version}] already.` };
  }
  const unreleased = "## [Unreleased]\n";
  if (!changelog.includes(unreleased)) {
    return { problem: "CHANGELOG.md has no section [Unreleased]." };
  }
  return { text: changelog.replace(unreleased, `${unreleased}\n## [${version}] - ${day}\n`) };
}
