/**
 * The widths of the characters from blank to `~` in Helvetica, which Arial and Liberation Sans share, in thousandths of
 * the size.
 *
 * @see https://www.adobe.com/devnet/font.html for the metrics of the standard fonts
 */
const WIDTHS = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
  556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
  611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
  667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
  222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
const FIRST = " ".charCodeAt(0);
const WIDEST = 1000;

/** Bold letters are wider, and a reader without these fonts sees others. */
const BOLD = 1.08;
const SLACK = 1.06;

/** The width that a text takes at most, in pixels. */
export function textWidth(text: string, size: number, isBold: boolean): number {
  const sum = Array.from(text)
    .map((character) => WIDTHS[(character.codePointAt(0) ?? 0) - FIRST] ?? WIDEST)
    .reduce((all, width) => all + width, 0);
  return (sum / 1000) * size * (isBold ? BOLD : 1) * SLACK;
}
