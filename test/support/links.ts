const BLOCK = /^( *)```.*?^\1```$/gms;
const SPAN = /`[^`\n]+`/g;
const LINK = /\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g;

interface Link {
  /** As the document has it, with its parentheses. */
  readonly link: string;
  /** Empty for the document itself. */
  readonly file: string;
  readonly anchor: string | undefined;
}

/** The links of a document in Markdown, except those to addresses. */
export function linksIn(document: string): readonly Link[] {
  const prose = withoutBlocks(document).replaceAll(SPAN, "");
  return [...prose.matchAll(LINK)].map(([link, file = "", anchor]) => ({
    link: link.slice(1),
    file,
    anchor,
  }));
}

/** A document in Markdown without its blocks of code. */
export function withoutBlocks(document: string): string {
  return document.replaceAll(BLOCK, "");
}
