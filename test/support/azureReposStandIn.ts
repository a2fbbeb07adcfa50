import { serveJson } from "./jsonServer.ts";
import type { JsonServer } from "./jsonServer.ts";

const THREADS = "/house/My%20Project/_apis/git/repositories/r-1/pullRequests/7/threads";

const ME = "build-service";

interface Thread {
  readonly id: number;
  readonly status?: string;
  readonly comments: {
    readonly id: number;
    content?: string;
    readonly author?: { readonly id: string };
  }[];
}

/** The API of Azure Repos on loopback, with one pull request. */
export interface AzureRepos extends JsonServer {
  readonly threads: Thread[];
  /** Set to let it refuse to write. */
  refuses: boolean;
}

/** @see https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads */
export async function startAzureRepos(): Promise<AzureRepos> {
  const threads: Thread[] = [];
  const server = await serveJson(({ method, path, authorization, body }) => {
    const { pathname, searchParams } = new URL(path, "http://azure");
    if (authorization !== "Bearer token-of-a-test") {
      return { status: 203, body: "<html>Sign in</html>" };
    }
    if (method === "GET" && pathname === "/house/_apis/connectionData") {
      return { body: { authenticatedUser: { id: ME } } };
    }
    if (searchParams.get("api-version") !== "7.1") return { status: 400, body: {} };
    if (method === "GET" && pathname === THREADS) {
      return { body: { value: threads, count: threads.length } };
    }
    if (azure.refuses) {
      return {
        status: 403,
        body: { message: "TF401027: You need the Git 'PullRequestContribute' permission" },
      };
    }
    if (method === "POST" && pathname === THREADS) {
      const { comments, status } = body as { comments: { content: string }[]; status: string };
      const thread = {
        id: threads.length + 1,
        status,
        comments: comments.map(({ content }, i) => ({ id: i + 1, content, author: { id: ME } })),
      };
      threads.push(thread);
      return { body: thread };
    }
    for (const { id, comments } of threads) {
      const changed = comments.find((one) => pathname === `${THREADS}/${id}/comments/${one.id}`);
      if (method !== "PATCH" || changed === undefined) continue;
      changed.content = (body as { content: string }).content;
      return { body: changed };
    }
    return { status: 404, body: {} };
  });
  const azure: AzureRepos = { ...server, threads, refuses: false };
  return azure;
}
