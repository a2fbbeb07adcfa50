import { z } from "zod";
import { UsageError } from "../../offline/errors.ts";
import { JsonApi } from "./jsonApi.ts";
import { NotPermittedError, variable } from "./pullRequest.ts";
import type { Environment, PullRequest } from "./pullRequest.ts";

const VERSION = "api-version=7.1";

const identity = z.object({ id: z.string() });
const connection = z.object({ authenticatedUser: identity });

const threads = z.object({
  value: z.array(
    z.object({
      id: z.number(),
      comments: z.array(
        z.object({ id: z.number(), content: z.string().optional(), author: identity.optional() }),
      ),
    }),
  ),
});

/**
 * The pull request of a run of Azure Pipelines. Its comment is the first one of a thread.
 *
 * @see https://learn.microsoft.com/azure/devops/pipelines/build/variables
 * @see https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads
 * @see https://learn.microsoft.com/javascript/api/azure-devops-extension-api/connectiondata
 */
export function azureReposPullRequest(env: Environment): PullRequest {
  const { SYSTEM_PULLREQUEST_PULLREQUESTID: number, SYSTEM_ACCESSTOKEN = "" } = env;
  if (number === undefined) {
    throw new UsageError(
      "SYSTEM_PULLREQUEST_PULLREQUESTID is not set, so there is no pull request to comment on. Run this only if Build.Reason is PullRequest.",
    );
  }
  if (SYSTEM_ACCESSTOKEN === "") {
    throw new NotPermittedError("SYSTEM_ACCESSTOKEN is not set; set it to $(System.AccessToken)");
  }
  const api = new JsonApi(variable(env, "SYSTEM_COLLECTIONURI"), SYSTEM_ACCESSTOKEN);
  const project = encodeURIComponent(variable(env, "SYSTEM_TEAMPROJECT"));
  const path = `${project}/_apis/git/repositories/${variable(env, "BUILD_REPOSITORY_ID")}/pullRequests/${number}/threads`;
  return {
    name: `pull request ${number} of ${env["BUILD_REPOSITORY_NAME"] ?? ""}`,
    limit: 150_000,
    comments: async () => {
      const { authenticatedUser: me } = await api.send("_apis/connectionData", connection);
      const { value } = await api.send(`${path}?${VERSION}`, threads);
      return value.flatMap(({ id, comments: [first] }) =>
        // A deleted comment has no content.
        first?.content === undefined || first.author?.id !== me.id
          ? []
          : [{ id: `${id}/comments/${first.id}`, text: first.content }],
      );
    },
    add: async (content) => {
      await api.send(`${path}?${VERSION}`, z.object({}), {
        method: "POST",
        body: {
          comments: [{ parentCommentId: 0, commentType: "text", content }],
          // An active thread can block the pull request until somebody resolves it.
          status: "closed",
        },
      });
    },
    change: async ({ id }, content) => {
      await api.send(`${path}/${id}?${VERSION}`, z.object({}), {
        method: "PATCH",
        body: { content },
      });
    },
  };
}
