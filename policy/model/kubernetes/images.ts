/** The parts of an image reference. */
export interface ImageReference {
  /** The last segment of its path, such as `podinfo`. */
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Reads `[host[:port]/]path[:tag][@digest]`. */
export function imageReference(text: string): ImageReference {
  const [name = "", digest] = text.split("@", 2);
  const [, tag] = /:([^:/]+)$/.exec(name) ?? [];
  const [last = ""] = name.split("/").slice(-1);
  return { name: last.split(":")[0] ?? "", tag, digest };
}
