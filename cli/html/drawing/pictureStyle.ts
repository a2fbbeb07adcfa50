import { Markup } from "../markup.ts";
import { TEXT } from "./boxSize.ts";

/** The look of pictures. The colours are variables, so that one picture is both light and dark. */
export const PICTURE_STYLE = new Markup(`
.picture text { font: ${TEXT.detail.size}px Arial, Helvetica, "Liberation Sans", sans-serif; fill: var(--muted); }
.picture .title { font-size: ${TEXT.title.size}px; font-weight: bold; fill: var(--text); }
.picture .stops { font-weight: bold; fill: var(--stops); }
.picture .advises { font-weight: bold; fill: var(--advises); }
.picture .frame rect { fill: none; stroke: var(--border); }
.picture .frame text { paint-order: stroke; stroke: var(--page); stroke-width: 4px; }
.picture .cluster text { stroke: var(--surface); }
.picture .cluster > rect { fill: var(--surface); }
.picture .namespace > rect { fill: var(--page); }
.picture .outside > rect { fill: var(--page); stroke-dasharray: 5 4; }
.picture .box rect { fill: var(--page); stroke: var(--line); }
.picture .box.namespace > rect, .picture .box.outside > rect { stroke: var(--border); }
.picture .member > rect { fill: var(--tint); stroke: var(--accent); }
.picture .stranger > rect, .picture .doubtful > rect { stroke-dasharray: 5 4; }
.picture .gateway > rect { fill: var(--page); stroke: var(--accent); stroke-width: 1.5; }
.picture .host > rect { rx: 16px; fill: var(--page); stroke: var(--border); }
.picture .line { fill: none; stroke: var(--line); stroke-width: 1.4; }
.picture .tip { fill: var(--line); stroke: var(--line); }
.picture .perhaps .line { stroke-dasharray: 5 4; }
.picture .selects .line { stroke: var(--border); }
.picture .selects .tip { fill: var(--border); stroke: var(--border); }
.picture .blocked .line { stroke: var(--stops); stroke-dasharray: 2 4; }
.picture .blocked .tip { stroke: var(--stops); stroke-width: 3; }
`);
