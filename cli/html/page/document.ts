import { PICTURE_STYLE } from "../drawing/pictureStyle.ts";
import { markup } from "../markup.ts";
import type { Markup } from "../markup.ts";
import { colours } from "../palette.ts";
import type { Section } from "./section.ts";
import { PAGE_STYLE } from "./style.ts";

/** What a page says at its top and below. */
export interface Contents {
  readonly verdict: string;
  readonly stops: boolean;
  readonly summary: Markup | undefined;
  /** In their order. */
  readonly sections: readonly Section[];
}

/** Nothing is loaded, and no script runs. */
const CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/** A whole page, in one file. */
export function documentOf(
  { project, stack }: { readonly project: string; readonly stack: string },
  { verdict, stops, summary, sections }: Contents,
): string {
  const title = `Preview of ${project}, stack ${stack}`;
  const count = ({ count: number }: Section) =>
    number === undefined ? undefined : markup` <span class="count">${number}</span>`;
  const links = sections.map(
    (section) => markup`<li><a href="#${section.id}">${section.title}${count(section)}</a></li>`,
  );
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${stops ? "✕" : "✓"} ${title}</title>
<style>
${colours(":root")}${PICTURE_STYLE}${PAGE_STYLE}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the contents</a>
<header>
<p class="muted">Offline preview of a first deployment</p>
<h1>${project} <span class="stack">stack ${stack}</span></h1>
<p class="verdict ${stops ? "stops" : "fine"}"><span aria-hidden="true">${stops ? "✕" : "✓"}</span> ${verdict}</p>
${summary}<nav aria-label="Contents"><ul>${links}</ul></nav>
</header>
<main id="main" tabindex="-1">
${sections.map(
  (section) => markup`<section id="${section.id}" aria-labelledby="${section.id}-title">
<h2 id="${section.id}-title">${section.title}${count(section)}</h2>
${section.body}</section>
`,
)}</main>
</body>
</html>
`.text;
}
