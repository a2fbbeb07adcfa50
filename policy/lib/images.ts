/** What of an image its reference names. */
export interface ImageReference {
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Reads `[host[:port]/]path[:tag][@digest]`. */
export function imageReference(text: string): ImageReference {
  const [name = "", digest] = text.split("@", 2);
  const [, tag] = /:([^:/]+)$/.exec(name) ?? [];
  return { tag, digest };
}
