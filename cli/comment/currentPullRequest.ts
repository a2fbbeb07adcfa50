import { UsageError } from "../../offline/errors.ts";
import { azureReposPullRequest } from "./azureRepos.ts";
import { gitHubPullRequest } from "./gitHub.ts";
import { gitLabMergeRequest } from "./gitLab.ts";
import type { Environment, PullRequest } from "./pullRequest.ts";

/**
 * The pull request that this run is for.
 *
 * @throws NotPermittedError without a token
 * @throws UsageError if there is none
 */
export function currentPullRequest(env: Environment): PullRequest {
  if (env["GITHUB_ACTIONS"] === "true") return gitHubPullRequest(env);
  if (env["GITLAB_CI"] === "true") return gitLabMergeRequest(env);
  if (env["TF_BUILD"] === "True") return azureReposPullRequest(env);
  throw new UsageError(
    "There is no pull request here: comment runs in GitHub Actions, GitLab CI and Azure Pipelines.",
  );
}
