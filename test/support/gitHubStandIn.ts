import { schema } from "@octokit/graphql-schema";
import { buildClientSchema, graphql } from "graphql";
import type { IntrospectionQuery } from "graphql";
import { serveJson } from "./jsonServer.ts";
import type { JsonServer } from "./jsonServer.ts";

export interface GitHubComment {
  readonly id: string;
  body: string;
  /** Whether the token's identity has written it. */
  readonly viewerDidAuthor: boolean;
}

/** GitHub's API on loopback, with its real schema and one pull request. */
export interface GitHub extends JsonServer {
  readonly comments: GitHubComment[];
  /** Set to what the token may not do. */
  refuses: "nothing" | "writing" | "everything";
}

export const PULL_REQUEST = "PR_7";

// The text of the schema defines two fields twice.
const SCHEMA = buildClientSchema(schema.json as unknown as IntrospectionQuery);

export async function startGitHub(): Promise<GitHub> {
  const comments: GitHubComment[] = [];
  const root = {
    node: ({ id }: { id: string }) =>
      id === PULL_REQUEST ? { __typename: "PullRequest", comments: page } : null,
    addComment: ({ input }: { input: { subjectId: string; body: string } }) => {
      if (input.subjectId !== PULL_REQUEST) throw new Error("no such subject");
      comments.push({ id: `IC_${comments.length}`, body: input.body, viewerDidAuthor: true });
      return {};
    },
    updateIssueComment: ({ input }: { input: { id: string; body: string } }) => {
      const comment = comments.find(({ id }) => id === input.id);
      if (comment === undefined) throw new Error("no such comment");
      comment.body = input.body;
      return {};
    },
  };
  function page({ first, after }: { first: number; after: string | null }) {
    const from = after === null ? 0 : Number(after);
    const end = from + first;
    return {
      nodes: comments.slice(from, end),
      pageInfo: { hasNextPage: end < comments.length, endCursor: String(end) },
    };
  }
  const server = await serveJson(async ({ authorization, body }) => {
    if (authorization !== "Bearer token-of-a-test") {
      return { status: 401, body: { message: "Bad credentials" } };
    }
    const { query, variables } = body as { query: string; variables: Record<string, unknown> };
    if (gitHub.refuses === "everything") return { status: 403, body: { message: "Forbidden" } };
    if (gitHub.refuses === "writing" && query.startsWith("mutation")) {
      const message = "Resource not accessible by integration";
      return { body: { data: null, errors: [{ type: "FORBIDDEN", message }] } };
    }
    const { data, errors } = await graphql({
      schema: SCHEMA,
      source: query,
      variableValues: variables,
      rootValue: root,
    });
    return { body: { data, ...(errors === undefined ? {} : { errors }) } };
  });
  const gitHub: GitHub = { ...server, comments, refuses: "nothing" };
  return gitHub;
}
