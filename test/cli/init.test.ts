import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { asked } from "../../cli/init.ts";
import type { InitFlags } from "../../cli/init.ts";
import { newConfig, problemsOf, stackFileText } from "../../cli/stack/newStack.ts";
import { Questions } from "../../cli/stack/questions.ts";
import { newestRevision } from "../../mesh/catalog.ts";
import { aksIstio } from "../support/command.ts";
import { editorAccepts } from "../support/editor.ts";
import { scratch } from "../support/programs.ts";
import type { Config } from "../support/settings.ts";

const ADMIN = "7f3c1f0e-5d0b-4c86-9a55-2b1d7b5a6e42";
const VAULT =
  "/subscriptions/5f1f2a6e-3c1d-4f0a-8f57-0c4f7d1f3a90/resourceGroups/shared/providers/Microsoft.KeyVault/vaults/kv-shop";
const REQUIRED = [
  ...["--location", "westeurope", "--authorized-ip-range", "198.51.100.0/24"],
  ...["--authorized-ip-range", "203.0.113.7/32", "--admin", ADMIN],
];
const MORE = ["--host", "shop.example.com", "--key-vault-id", VAULT].concat(
  ["--git-url", "https://git.example.com/a/b"],
  ["--kubernetes-version", "1.35", "--revision", "asm-1-29"],
);

const write = scratch({ packages: false });

/** A project with the keys of this project, and the given files. */
function project(name: string, files: Readonly<Record<string, string>> = {}): string {
  const file = readFileSync("Pulumi.yaml", "utf8");
  return write(name, { "Pulumi.yaml": file, "index.ts": "", ...files });
}

function configIn(file: string): Config {
  return (parse(readFileSync(file, "utf8")) as { config: Config }).config;
}

describe("from options", () => {
  test.each([
    ["the required ones", REQUIRED, newestRevision()],
    ["all", [...REQUIRED, ...MORE], "asm-1-29"],
  ])("%s, writes a file that validate and editors accept", async (name, options, revision) => {
    const directory = project(`init-${options.length}`);
    const file = join(directory, "Pulumi.prod.yaml");
    expect(await aksIstio(["init", directory, "--stack", "prod", ...options])).toEqual({
      code: 0,
      stderr: "",
      stdout: [
        `Wrote ${file}.`,
        "Next:",
        "  npx aks-istio preview --stack prod",
        "  pulumi stack init prod",
        "  pulumi up --stack prod --policy-pack policy",
        "docs/settings.md describes every other setting.",
        "",
      ].join("\n"),
    });
    const config = configIn(file);
    expect(config).toMatchObject({
      "aks-istio:cluster": {
        apiServer: { authorizedIPRanges: ["198.51.100.0/24", "203.0.113.7/32"] },
      },
      "aks-istio:mesh": { revision },
      "aks-istio:access": { administrators: [ADMIN] },
    });
    expect("aks-istio:gitops" in config).toBe(name === "all");
    expect("aks-istio:gateways" in config).toBe(name === "all");
    expect(editorAccepts(config)).toBe(true);
    expect(await aksIstio(["validate", directory, "--stack", "prod"])).toMatchObject({ code: 0 });
  });

  test("never overwrites a file without --force", async () => {
    const directory = project("init-existing", { "Pulumi.dev.yaml": "config: {}\n" });
    const file = join(directory, "Pulumi.dev.yaml");
    expect(await aksIstio(["init", directory, ...REQUIRED])).toEqual({
      code: 2,
      stdout: "",
      stderr: `${file} exists. Choose another --stack, or overwrite it with --force.\n`,
    });
    expect(readFileSync(file, "utf8")).toBe("config: {}\n");
    expect(await aksIstio(["init", directory, "--force", ...REQUIRED])).toMatchObject({ code: 0 });
    expect(configIn(file)).toMatchObject({ "azure-native:location": "westeurope" });
  });

  test.each([
    [
      [],
      "Missing options, which have no default: --location, --authorized-ip-range, --admin. Pass them, or run init on a terminal, where it asks.\n",
    ],
    [
      ["--yes"],
      "Missing options, which have no default: --location, --authorized-ip-range, --admin.\n",
    ],
    [
      [...REQUIRED, "--host", "shop.example.com"],
      "Missing options, which have no default: --key-vault-id. Pass them, or run init on a terminal, where it asks.\n",
    ],
    [
      [...REQUIRED, "--key-vault-id", VAULT],
      "Missing options, which have no default: --host. Pass them, or run init on a terminal, where it asks.\n",
    ],
    [
      [...REQUIRED, "--git-url", "ssh://git:planted@git.example.com/a/b"],
      "--git-url must be the https:// URL of a public repository; for an ssh:// URL, omit it here and add gitops to the stack file with its keys (docs/settings.md#gitops).\n",
    ],
    [
      [...REQUIRED, "--stack", "../prod"],
      "--stack ../prod is not a valid stack name: up to 100 letters, digits, hyphens, underscores and periods.\n",
    ],
    [
      [...REQUIRED, "--revision", "asm-1-29", "--kubernetes-version", "1.20"],
      /^The settings cannot be used, so nothing was written:\n {2}aks-istio:.*1\.20.*\n$/,
    ],
  ])("refuses %j", async (options, message) => {
    const directory = project(`init-refused-${options.length}`);
    const { code, stdout, stderr } = await aksIstio(["init", directory, ...options]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    if (typeof message === "string") expect(stderr).toBe(message);
    else expect(stderr).toMatch(message);
  });
});

describe("from answers", () => {
  const NO_FLAGS: InitFlags = { stack: "dev", authorizedIpRange: [], admin: [] };

  async function conversation(lines: readonly string[], flags = NO_FLAGS) {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end(lines.map((line) => `${line}\n`).join(""));
    const questions = new Questions(input, output);
    const answers = await asked(questions, flags);
    questions.close();
    return { answers, text: String(output.read()) };
  }

  test("uses the defaults for empty answers", async () => {
    const { answers } = await conversation([
      "westeurope",
      "",
      "",
      "198.51.100.0/24",
      ADMIN,
      "",
      "",
    ]);
    expect(answers).toEqual({
      location: "westeurope",
      kubernetesVersion: "1.36",
      revision: newestRevision(),
      authorizedIPRanges: ["198.51.100.0/24"],
      administrators: [ADMIN],
    });
    const config = newConfig("aks-istio", answers);
    expect(problemsOf("aks-istio", config)).toEqual([]);
    expect(parse(stackFileText(config))).toEqual({ config });
  });

  test("asks again after an invalid answer, with the reason", async () => {
    const { answers, text } = await conversation([
      ...["", "West Europe", "westeurope", "1.35.2", "1.35", "asm-1-16", "asm-1-29"],
      ...["198.51.100.1/24", "198.51.100.0/24, 203.0.113.7/32", "me", ADMIN],
      ...["shop.example.com", "kv-shop", VAULT, "git@github.com:a/b", "https://github.com/a/b"],
    ]);
    expect(answers).toEqual({
      location: "westeurope",
      kubernetesVersion: "1.35",
      revision: "asm-1-29",
      authorizedIPRanges: ["198.51.100.0/24", "203.0.113.7/32"],
      administrators: [ADMIN],
      ingress: { host: "shop.example.com", keyVaultId: VAULT },
      gitUrl: "https://github.com/a/b",
    });
    expect(text).toContain("  It is required.\n");
    expect(text).toContain(
      "  It has 198.51.100.1/24, which must be an IPv4 range that begins with its first address, such as 198.51.100.0/24.\n",
    );
    expect(text.match(/ {2}It /g)).toHaveLength(8);
  });

  test("does not ask for what an option gives", async () => {
    const flags = {
      ...NO_FLAGS,
      location: "westeurope",
      kubernetesVersion: "1.35",
      revision: "asm-1-30",
      authorizedIpRange: ["198.51.100.0/24"],
      admin: [ADMIN],
      host: "shop.example.com",
      keyVaultId: VAULT,
      gitUrl: "https://github.com/a/b",
    };
    const { text } = await conversation([], flags);
    expect(text).toBe("null");
  });

  test("writes nothing if the input ends", async () => {
    await expect(conversation(["westeurope"])).rejects.toThrow(
      "The input ended before the last answer. Nothing was done.",
    );
  });
});
