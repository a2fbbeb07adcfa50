import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serveJson } from "./jsonServer.ts";
import type { Asked, Reply } from "./jsonServer.ts";

/** An API server on loopback that replies as a test says, with the kubeconfig of its context `prod`. */
export interface ApiServerStandIn {
  readonly kubeconfig: string;
  readonly asked: readonly Asked[];
  readonly stop: () => Promise<void>;
}

/** @param reply undefined closes the connection */
export async function serveApi(
  reply: (asked: Asked) => Reply | undefined,
): Promise<ApiServerStandIn> {
  const { url, asked, stop } = await serveJson(reply);
  const folder = mkdtempSync(join(tmpdir(), "api-server-"));
  const kubeconfig = join(folder, "config");
  const cluster = {
    server: url,
    // The client library allows plain HTTP only so.
    "insecure-skip-tls-verify": true,
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user: { token: "secret-token" } }],
    contexts: [{ name: "prod", context: { cluster: "c", user: "u" } }],
    "current-context": "prod",
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  return {
    kubeconfig,
    asked,
    stop: async () => {
      await stop();
      rmSync(folder, { recursive: true });
    },
  };
}
