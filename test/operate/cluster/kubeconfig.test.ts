import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ApiServer } from "../../../operate/cluster/apiServer.ts";
import { addCredentials, loadKubeconfig } from "../../../operate/cluster/kubeconfig.ts";

const SECRET = "s3cr3t-token";
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
  file = join(folder, "config");
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function messageOf(text: string): Promise<string> {
  writeFileSync(file, text);
  try {
    await loadKubeconfig({ kubeconfig: file });
  } catch (error) {
    return (error as Error).message.replace(file, "FILE");
  }
  return "";
}

test.each([
  [
    "broken YAML",
    `users:\n- user: {token: ${SECRET}\nclusters: [`,
    "it is not valid YAML near line 3",
  ],
  ["an alias", `users:\n- user: {token: *${SECRET}}`, "it is not valid YAML near line 2"],
  ["nothing", "", "it is not a kubeconfig"],
  ["another shape", `users: [null, ${SECRET}]`, "it is not a kubeconfig"],
])("a kubeconfig that is %s is not quoted", async (_, text, why) => {
  expect(await messageOf(text)).toBe(
    `The kubeconfig FILE cannot be read: ${why}. Name another with --kubeconfig.`,
  );
});

function kubeconfig(command: string, args: readonly string[], server = "https://127.0.0.1:1") {
  return JSON.stringify({
    "current-context": "prod",
    contexts: [{ name: "prod", context: { cluster: "c", user: "u" } }],
    clusters: [{ name: "c", cluster: { server } }],
    users: [{ name: "u", user: { exec: { command, args, interactiveMode: "Never" } } }],
  });
}

test.each([
  ["prints no credentials", "sh", ["-c", `echo ${SECRET}`], "failed: kubectl get nodes shows why"],
  ["fails", "sh", ["-c", `echo ${SECRET} >&2; exit 1`], "failed: kubectl get nodes shows why"],
  ["is missing", "no-such-plugin", [SECRET], "is not installed"],
])("a credential plugin that %s is named, and not quoted", async (_, command, args, why) => {
  const server = await ApiServer.of({ content: kubeconfig(command, args) });
  await expect(server.send({ path: "/api" })).rejects.toThrow(
    `The cluster of context "prod" cannot be reached: the credential plugin ${command} ${why}. Check the network, and run az aks get-credentials again if the credentials are old.`,
  );
});

test("a credential plugin that does not end is not waited for", async () => {
  const config = await loadKubeconfig({ content: kubeconfig("sleep", ["5"]) });
  await expect(addCredentials(config, {}, 10)).rejects.toThrow(
    "the credential plugin sleep did not end in 0.01 s",
  );
});

test("the token of a credential plugin is used", async () => {
  const credential = JSON.stringify({ status: { token: SECRET } });
  const config = await loadKubeconfig({ content: kubeconfig("printf", ["%s", credential]) });
  const options = { headers: {} };
  await addCredentials(config, options);
  expect(options.headers).toEqual({ Authorization: `Bearer ${SECRET}` });
});

test("a server that is no URL is said, and not shown", async () => {
  const server = await ApiServer.of({
    content: kubeconfig("true", [], `https://u:${SECRET}@ host`),
  });
  await expect(server.send({ path: "/api" })).rejects.toThrow(
    'The server of context "prod" is not a URL. Run az aks get-credentials again.',
  );
});
