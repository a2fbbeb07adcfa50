import { serveJson } from "./jsonServer.ts";
import type { JsonServer } from "./jsonServer.ts";

const ME = 5;
const NOTES = "/projects/12/merge_requests/7/notes";

interface Note {
  readonly id: number;
  body: string;
  readonly author: { readonly id: number };
}

/** GitLab's API on loopback, with one merge request. */
export interface GitLab extends JsonServer {
  readonly notes: Note[];
  /** Set to let it refuse to write. */
  refuses: boolean;
}

/** A note of the token's own identity, or of another one. */
export const note = (id: number, body: string, author = ME): Note => ({
  id,
  body,
  author: { id: author },
});

/** @see https://docs.gitlab.com/api/notes/#merge-requests */
export async function startGitLab(): Promise<GitLab> {
  const notes: Note[] = [];
  const server = await serveJson(({ method, path, authorization, body }) => {
    const { pathname, searchParams } = new URL(path, "http://gitlab");
    if (authorization !== "Bearer token-of-a-test") {
      return { status: 401, body: { message: "401 Unauthorized" } };
    }
    if (pathname === "/user") return { body: { id: ME, username: "project_12_bot" } };
    if (method === "GET" && pathname === NOTES) {
      const size = Number(searchParams.get("per_page"));
      const page = Number(searchParams.get("page"));
      return { body: notes.slice((page - 1) * size, page * size) };
    }
    if (gitLab.refuses) return { status: 403, body: { message: "403 Forbidden" } };
    const { body: text } = body as { body: string };
    if (method === "POST" && pathname === NOTES) {
      const added = note(notes.length + 1, text);
      notes.push(added);
      return { status: 201, body: added };
    }
    const changed = notes.find(({ id }) => pathname === `${NOTES}/${id}`);
    if (method !== "PUT" || changed === undefined) {
      return { status: 404, body: { message: "404 Not found" } };
    }
    changed.body = text;
    return { body: changed };
  });
  const gitLab: GitLab = { ...server, notes, refuses: false };
  return gitLab;
}
