import { posix } from "node:path";

/** Where the links of a document lead that is copied into a package. */
export interface Links {
  /** The path of the document in the sources. */
  readonly source: string;
  /** Its path in the package. */
  readonly target: string;
  /** The paths of the copies in the package, also of folders, by their path in the sources. */
  readonly copies: ReadonlyMap<string, string>;
  /** Where the sources can be read, ending with a slash; undefined if nobody has said. */
  readonly home: string | undefined;
}

const BLOCK = /^(?<indent> *)```.*?^\k<indent>```$/;
const SPAN = /`[^`\n]+`/;
const LINK = /\[(?<text>[^\]]*)\]\((?!\w+:|#)(?<path>[^)#]*)(?<anchor>#[^)]*)?\)/;
/** Code first: it may look like a link. */
const PARTS = new RegExp([LINK, BLOCK, SPAN].map(({ source }) => `(?:${source})`).join("|"), "gms");

/**
 * A document as its package has it: a link leads to the copy in the package, else to the sources, and is only its text if
 * nobody has said where these are.
 */
export function packedDocument(document: string, links: Links): string {
  return document.replaceAll(PARTS, (whole: string, ...matched: readonly unknown[]) => {
    const { text, path, anchor = "" } = matched.at(-1) as Partial<Record<string, string>>;
    if (text === undefined || path === undefined) return whole;
    const source = posix.join(posix.dirname(links.source), path);
    const copy = links.copies.get(source);
    if (copy !== undefined) {
      return `[${text}](${posix.relative(posix.dirname(links.target), copy)}${anchor})`;
    }
    return links.home === undefined ? text : `[${text}](${links.home}${source}${anchor})`;
  });
}

/** Where a release can be read, as its package.json says. GitHub shows folders at the addresses of files, too. */
export function homeOf(repository: string | undefined, version: string): string | undefined {
  const address = /^git\+(https:\/\/.+)\.git$/.exec(repository ?? "")?.[1];
  return address === undefined ? undefined : `${address}/blob/v${version}/`;
}
