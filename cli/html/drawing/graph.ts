/** A picture to be laid out: boxes with lines of text, in frames, with arrows between them. */
export interface Graph {
  readonly frames: readonly Frame[];
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** A frame around boxes or other frames. */
export interface Frame {
  readonly id: string;
  /** The frame around it. */
  readonly within?: string;
  readonly look: "cluster" | "namespace" | "outside";
  /** At its top. */
  readonly lines: readonly Line[];
}

export interface Box {
  readonly id: string;
  readonly within?: string;
  /** That of a frame for what could have boxes of its own, and has none. */
  readonly look: Look | Frame["look"];
  readonly lines: readonly Line[];
}

/** `member` is in the mesh, `stranger` is not; `doubtful` means that the plan does not say. */
export type Look = "member" | "stranger" | "doubtful" | "service" | "gateway" | "host";

export interface Line {
  readonly text: string;
  readonly look: "title" | "detail" | "stops" | "advises";
}

/**
 * `may`: every request arrives. `perhaps`: it depends on the request, or is not known. `blocked`: none arrives.
 * `selects`: no request, but a service with its workloads.
 */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly look: "may" | "perhaps" | "blocked" | "selects";
}
