import { z } from "zod";
import { UsageError } from "../../offline/errors.ts";
import { JsonApi } from "./jsonApi.ts";
import { MAX_PAGES, NotPermittedError, TooManyCommentsError, variable } from "./pullRequest.ts";
import type { Comment, Environment, PullRequest } from "./pullRequest.ts";

const PAGE = 100;

const person = z.object({ id: z.number() });
const notes = z.array(z.object({ id: z.number(), body: z.string(), author: person }));

/**
 * The merge request of a pipeline of GitLab. `GITLAB_TOKEN` is an access token of the project: the token of a job may not
 * write notes.
 *
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 * @see https://docs.gitlab.com/api/notes/#merge-requests
 */
export function gitLabMergeRequest(env: Environment): PullRequest {
  const { GITLAB_TOKEN = "", CI_MERGE_REQUEST_IID: number } = env;
  if (number === undefined) {
    throw new UsageError(
      "CI_MERGE_REQUEST_IID is not set, so there is no merge request to comment on. Run this in merge request pipelines only.",
    );
  }
  if (GITLAB_TOKEN === "") {
    throw new NotPermittedError(
      "GITLAB_TOKEN is not set; set it to a project access token with the role Reporter and the scope api",
    );
  }
  const api = new JsonApi(variable(env, "CI_API_V4_URL"), GITLAB_TOKEN);
  // The pipeline of a fork runs in the fork, and its merge request is in another project.
  const path = `/projects/${variable(env, "CI_MERGE_REQUEST_PROJECT_ID")}/merge_requests/${number}/notes`;
  return {
    name: `merge request ${number} of ${env["CI_MERGE_REQUEST_PROJECT_PATH"] ?? ""}`,
    limit: 1_000_000,
    comments: async () => {
      const me = await api.send("/user", person);
      const own: Comment[] = [];
      for (let page = 1; page <= MAX_PAGES; page++) {
        const found = await api.send(
          `${path}?sort=asc&order_by=created_at&per_page=${PAGE}&page=${page}`,
          notes,
        );
        for (const { id, body, author } of found) {
          if (author.id === me.id) own.push({ id: String(id), text: body });
        }
        if (found.length < PAGE) return own;
      }
      throw new TooManyCommentsError();
    },
    add: async (body) => {
      await api.send(path, z.object({}), { method: "POST", body: { body } });
    },
    change: async ({ id }, body) => {
      await api.send(`${path}/${id}`, z.object({}), { method: "PUT", body: { body } });
    },
  };
}
