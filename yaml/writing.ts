/** A text, and how new parts of it are written. */
export interface Writing {
  readonly text: string;
  readonly lineBreak: string;
  /** Whether the items of its lists are indented more than the keys of the lists. */
  readonly indentLists: boolean;
}
