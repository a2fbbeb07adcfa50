import { z } from "zod";
import { UsageError } from "../../offline/errors.ts";
import { readText } from "../../offline/project/textFile.ts";
import { JsonApi, jsonOf } from "./jsonApi.ts";
import { MAX_PAGES, NotPermittedError, TooManyCommentsError, variable } from "./pullRequest.ts";
import type { Comment, Environment, PullRequest } from "./pullRequest.ts";

const event = z.object({ pull_request: z.object({ node_id: z.string(), number: z.number() }) });

const commentPage = z.object({
  node: z.object({
    comments: z.object({
      nodes: z.array(z.object({ id: z.string(), body: z.string(), viewerDidAuthor: z.boolean() })),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
});

type CommentPage = z.infer<typeof commentPage>;

// Only GraphQL says which comments the token's own identity has written. Anyone can copy the mark of a comment.
const COMMENTS = `query ($pullRequest: ID!, $after: String) {
  node(id: $pullRequest) {
    ... on PullRequest {
      comments(first: 100, after: $after) {
        nodes { id body viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

const ADD = `mutation ($pullRequest: ID!, $text: String!) {
  addComment(input: { subjectId: $pullRequest, body: $text }) { clientMutationId }
}`;

const CHANGE = `mutation ($comment: ID!, $text: String!) {
  updateIssueComment(input: { id: $comment, body: $text }) { clientMutationId }
}`;

/**
 * The pull request of a run of GitHub Actions.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables
 */
export function gitHubPullRequest(env: Environment): PullRequest {
  const { GITHUB_TOKEN = "" } = env;
  const found = event.safeParse(jsonOf(readText(variable(env, "GITHUB_EVENT_PATH"))));
  if (!found.success) {
    throw new UsageError(
      `The event ${env["GITHUB_EVENT_NAME"] ?? ""} has no pull request to comment on. Run this for pull_request only.`,
    );
  }
  if (GITHUB_TOKEN === "") {
    throw new NotPermittedError("GITHUB_TOKEN is not set; set it to ${{ github.token }}");
  }
  const api = new JsonApi(variable(env, "GITHUB_GRAPHQL_URL"), GITHUB_TOKEN);
  const { node_id: pullRequest, number } = found.data.pull_request;
  return {
    name: `pull request ${number} of ${env["GITHUB_REPOSITORY"] ?? ""}`,
    limit: 65_536,
    comments: async () => {
      const own: Comment[] = [];
      let after: string | null = null;
      for (let page = 0; page < MAX_PAGES; page++) {
        const variables = { pullRequest, after };
        const found: CommentPage = await query(api, commentPage, COMMENTS, variables);
        const { comments } = found.node;
        for (const { id, body, viewerDidAuthor } of comments.nodes) {
          if (viewerDidAuthor) own.push({ id, text: body });
        }
        if (!comments.pageInfo.hasNextPage) return own;
        after = comments.pageInfo.endCursor;
      }
      throw new TooManyCommentsError();
    },
    add: async (text) => {
      await query(api, z.object({}), ADD, { pullRequest, text });
    },
    change: async ({ id: comment }, text) => {
      await query(api, z.object({}), CHANGE, { comment, text });
    },
  };
}

/** GraphQL answers with status 200 even if it refuses. */
async function query<Data>(
  api: JsonApi,
  data: z.ZodType<Data>,
  query: string,
  variables: object,
): Promise<Data> {
  const failed = z.object({
    errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).min(1),
  });
  const answer = await api.send("", z.union([failed, z.object({ data })]), {
    method: "POST",
    body: { query, variables },
  });
  if ("data" in answer) return answer.data;
  const said = answer.errors.map(({ message }) => message).join("; ");
  if (answer.errors.some(({ type }) => type === "FORBIDDEN")) throw new NotPermittedError(said);
  throw new UsageError(`GitHub refuses: ${said}`);
}
