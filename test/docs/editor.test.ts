import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { TextDocument } from "vscode-languageserver-textdocument";
import { getLanguageService } from "yaml-language-server";
import { EXAMPLES, exampleFile } from "../support/exampleStacks.ts";

/** The language server that editors start, with the files of this repository. */
const server = getLanguageService({
  schemaRequestService: (uri) => Promise.resolve(readFileSync(new URL(uri), "utf8")),
  workspaceContext: {
    resolveRelativePath: (path, from) => new URL(path, from).href,
  },
});
server.configure({ validate: true, completion: true, hover: true });

/** The server reads a document again only if its version changes. */
let version = 0;

function opened(file: string, change: (text: string) => string = (text) => text): TextDocument {
  const text = change(readFileSync(file, "utf8"));
  return TextDocument.create(pathToFileURL(file).href, "yaml", ++version, text);
}

async function underlined(document: TextDocument): Promise<readonly string[]> {
  const found = await server.doValidation(document, false);
  return found.map(({ range, message }) => {
    const text = typeof message === "string" ? message : message.value;
    return `${document.getText(range)}: ${text}`;
  });
}

describe("an editor with the YAML language server", () => {
  test.each(["Pulumi.dev.yaml", ...EXAMPLES.map(exampleFile)])(
    "underlines nothing in %s",
    async (file) => {
      expect(await underlined(opened(file))).toEqual([]);
    },
  );

  test.each([
    ["a mistyped key", "minCount: 3", "minCuont: 3", "minCuont: Property minCuont is not allowed."],
    [
      "an invalid boolean",
      "encryptionAtHost: true",
      "encryptionAtHost: 1",
      "1: must be true or false, without quotes",
    ],
    [
      "a number that YAML reads from a version",
      'kubernetesVersion: "1.35"',
      "kubernetesVersion: 1.35",
      '1.35: must be a Kubernetes minor version, such as "1.35"; write a number, true or false in quotes',
    ],
    [
      "a number in quotes",
      "minCount: 0",
      'minCount: "0"',
      '"0": must be a whole number, without quotes',
    ],
    [
      "a secret in plain text",
      "    reference:\n      semver",
      "    httpsKey: planted\n    reference:\n      semver",
      'planted: Incorrect type. Expected "a secret; set it with pulumi config set --secret --path".',
    ],
    [
      "a text instead of a map",
      "replicas:\n          minimum: 3\n          maximum: 10\n",
      "replicas: 3\n",
      '3: Incorrect type. Expected "a map of settings".',
    ],
    [
      "a text with the wrong format",
      'kubernetesVersion: "1.35"',
      'kubernetesVersion: "1.35.2"',
      '"1.35.2": must be a Kubernetes minor version, such as "1.35"',
    ],
    [
      "an unknown key",
      "aks-istio:gitops:",
      "aks-istio:gitpos:",
      "aks-istio:gitpos: Property aks-istio:gitpos is not allowed.",
    ],
  ])("underlines %s", async (_, written, mistake, line) => {
    const document = opened("examples/production.yaml", (text) => text.replace(written, mistake));
    expect(await underlined(document)).toEqual([line]);
  });

  test("completes a key, with its description", async () => {
    const document = opened("examples/minimal.yaml", (text) =>
      text.replace("    revision: asm-1-30\n", "    revision: asm-1-30\n    mt\n"),
    );
    const at = document.getText().indexOf("    mt\n") + "    mt".length;
    const { items } = await server.doComplete(document, document.positionAt(at), false);
    const offered = items.find(({ label }) => label === "mtls");
    expect(offered?.documentation).toBe(
      "Whether workloads in the mesh refuse or accept plain-text requests.",
    );
  });

  test("shows the description of a key", async () => {
    const document = opened("examples/minimal.yaml");
    const at = document.getText().indexOf("kubernetesVersion") + 2;
    const hover = await server.doHover(document, document.positionAt(at));
    expect(hover?.contents).toMatchObject({
      value: expect.stringContaining("The minor version of Kubernetes, in quotes") as string,
    });
  });
});
