import { Markup } from "../markup.ts";

/** The look of the page. Its colours are variables of the palette. */
export const PAGE_STYLE = new Markup(`
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 75rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1, h2, h3, h4, p, pre, ul, dl, figure { margin: 0; padding: 0; }
ul { list-style: none; }
h1 { font-size: 1.75rem; line-height: 1.25; font-weight: 650; overflow-wrap: anywhere; }
h1 .stack { color: var(--muted); font-weight: 400; }
h2 { font-size: 1.25rem; line-height: 1.3; margin-bottom: .75rem; }
h3 { font-size: 1rem; line-height: 1.4; overflow-wrap: anywhere; }
h4 { font-size: .9375rem; font-weight: 600; margin-top: .75rem; overflow-wrap: anywhere; }
#changes h3 { margin-top: 1rem; }
section { margin-top: 2.75rem; }
a { color: var(--link); text-underline-offset: 2px; }
code, .type, .place { font-family: ui-monospace, "SFMono-Regular", Consolas, "Liberation Mono", monospace; font-size: .8125rem; overflow-wrap: anywhere; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
:target { background: var(--tint); box-shadow: 0 0 0 4px var(--tint); border-radius: 2px; }
main:focus-visible { outline: none; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem .75rem; background: var(--page); }
.diff { margin-top: .25rem; padding: .5rem .75rem; border-radius: 6px; background: var(--surface); font: .8125rem/1.5 ui-monospace, "SFMono-Regular", Consolas, "Liberation Mono", monospace; overflow-x: auto; }
.diff .gone { color: var(--stops); }
.diff .new { color: var(--fine); }
.diff .note { color: var(--advises); }
.muted { color: var(--muted); }
.lines { white-space: pre-line; }
.number, .count, dd { font-variant-numeric: tabular-nums; }
.count { color: var(--muted); font-weight: 400; }
.verdict { margin: .5rem 0 1.25rem; font-size: 1.125rem; font-weight: 600; }
.stops { color: var(--stops); }
.advises { color: var(--advises); }
.fine { color: var(--fine); }
.tiles, .facts { display: flex; flex-wrap: wrap; gap: .75rem; margin-bottom: .75rem; }
.tiles > div, .facts > div { display: flex; flex-direction: column; }
.tiles > div { flex-direction: column-reverse; min-width: 8.5rem; padding: .625rem 1rem; border: 1px solid var(--border); border-radius: 8px; background: var(--surface); }
dd { margin: 0; }
.tiles dd { font-size: 1.5rem; line-height: 1.25; font-weight: 600; }
dt { color: var(--muted); font-size: .8125rem; }
.facts { gap: .5rem 2.5rem; margin: .25rem 0 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .75rem 0; border-bottom: 1px solid var(--border); }
.wide { overflow-x: auto; }
figure { margin-bottom: 1rem; }
.picture { display: block; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin-top: .75rem; font-size: .8125rem; color: var(--muted); }
.legend li { display: flex; align-items: center; gap: .5rem; }
.notes { margin: 0 0 1rem; padding-left: 1rem; list-style: disc; color: var(--muted); }
summary { cursor: pointer; }
summary h3 { display: inline; }
main details { margin: .5rem 0; }
.policy { padding: .625rem 1rem; border: 1px solid var(--border); border-left: 3px solid var(--advises); border-radius: 6px; color: var(--text); }
.policy.stops { border-left-color: var(--stops); color: var(--text); }
.policy > :not(summary) { margin-top: .5rem; }
.level { font-size: .8125rem; font-weight: 600; white-space: nowrap; }
.gap { color: var(--muted); }
.findings > li { padding: .5rem 0; border-top: 1px solid var(--border); overflow-wrap: anywhere; }
.findings > li:last-child { padding-bottom: .25rem; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; }
caption { padding: 1rem 0 .375rem; text-align: left; font-weight: 600; }
th, td { padding: .375rem .75rem .375rem 0; border-top: 1px solid var(--border); text-align: left; vertical-align: top; font-weight: 400; }
thead th { border-top: 0; color: var(--muted); font-size: .8125rem; white-space: nowrap; }
.tree { margin-top: .5rem; }
.tree ul { margin-left: .4375rem; padding-left: 1.0625rem; border-left: 1px solid var(--border); }
.tree details { margin: 0; }
.row { padding: .125rem 0; overflow-wrap: anywhere; }
.row:hover { background: var(--surface); }
div.row { padding-left: 1.0625rem; }
.end { float: right; }
.row::after { content: ""; display: block; clear: both; }
.end .op { display: inline-block; min-width: 3.5rem; margin-left: .5rem; }
.type, .place { color: var(--muted); }
.op { color: var(--fine); font-size: .8125rem; }
.op.content { color: var(--muted); }
.tree .remarks { margin: 0 0 .375rem 1.0625rem; padding: 0; border: 0; font-size: .875rem; display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
.remarks .whole { flex-basis: 100%; }
@media (max-width: 40rem) {
  body { padding: 1.25rem 1rem 3rem; }
  .tiles > div { flex: 1 1 7rem; min-width: 0; }
  .row > .type { display: block; }
}
@media print { body { max-width: none; } .skip, nav { display: none; } }
`);
