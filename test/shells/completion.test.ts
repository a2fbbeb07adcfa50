import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const COMMAND = resolve("bin/aks-istio.js");

/** How each shell starts so that it reads one file of settings, whose path is relative to the home directory. */
const SHELLS = {
  bash: { start: "bash", file: ".bashrc", load: 'eval "$(aks-istio completion bash)"' },
  zsh: {
    start: "zsh",
    file: ".zshrc",
    load: 'autoload -Uz compinit; compinit -u; eval "$(aks-istio completion zsh)"',
  },
  fish: {
    start: "fish",
    file: ".config/fish/config.fish",
    load: "aks-istio completion fish | source",
  },
} as const;

let home: string;

beforeAll(() => {
  const missing = [...Object.values(SHELLS).map(({ start }) => start), "script"].filter(
    (program) => !isInstalled(program),
  );
  if (missing.length > 0) {
    throw new Error(
      `These tests need bash, zsh, fish and script. Missing: ${missing.join(", ")}. Debian's packages are zsh, fish and bsdutils.`,
    );
  }
  home = mkdtempSync(join(tmpdir(), "shells-"));
  mkdirSync(join(home, "bin"));
  mkdirSync(join(home, "project", "saved answers"), { recursive: true });
  mkdirSync(join(home, ".config/fish"), { recursive: true });
  // Without it, the first fish goes on in the background and fills it from all man pages.
  mkdirSync(join(home, ".local/share/fish/generated_completions"), { recursive: true });
  // Completes as the real command does, and writes down the line that the shell runs.
  writeFileSync(
    join(home, "bin/aks-istio"),
    `#!/bin/sh
case $1 in complete | completion) exec node '${COMMAND}' "$@" ;; esac
printf '%s\\n' "$@" > "$HOME/arguments"
`,
  );
  chmodSync(join(home, "bin/aks-istio"), 0o755);
  for (const { file, load } of Object.values(SHELLS)) writeFileSync(join(home, file), `${load}\n`);
  const project = join(home, "project");
  writeFileSync(join(project, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
  writeFileSync(join(project, "index.js"), "");
  writeFileSync(join(project, "Pulumi.dev.yaml"), "");
  writeFileSync(join(project, "Pulumi.prod.yaml"), "");
  writeFileSync(join(project, "plan.json"), "{}");
  writeFileSync(join(project, "saved answers", "cluster.json"), "{}");
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function isInstalled(program: string): boolean {
  try {
    execFileSync("which", [program]);
    return true;
  } catch {
    return false;
  }
}

/** Types on a terminal with a shell, and returns the arguments of the line that it ran. */
function typed(shell: keyof typeof SHELLS, keys: string): string[] {
  const { start } = SHELLS[shell];
  const result = join(home, "arguments");
  rmSync(result, { force: true });
  execFileSync("script", ["--quiet", "--return", "--command", start, "/dev/null"], {
    cwd: join(home, "project"),
    input: `${keys}\nexit\n`,
    env: {
      PATH: `${join(home, "bin")}:${process.env["PATH"] ?? ""}`,
      HOME: home,
      ZDOTDIR: home,
      TERM: "xterm",
      LANG: "C.UTF-8",
    },
  });
  return readFileSync(result, "utf8").trimEnd().split("\n");
}

describe.each(["bash", "zsh", "fish"] as const)("%s", (shell) => {
  test("completes commands, options and the stacks of the project", () => {
    expect(typed(shell, "aks-istio prev\t--sta\tpr\t--det\t")).toEqual([
      "preview",
      "--stack",
      "prod",
      "--details",
    ]);
  });

  test("completes a value after an equals sign", () => {
    expect(typed(shell, "aks-istio preview --stack=pr\t --policy-pack=sav\t.")).toEqual([
      "preview",
      "--stack=prod",
      "--policy-pack=saved answers/.",
    ]);
  });

  test("completes files, also in a directory with a space", () => {
    expect(typed(shell, "aks-istio preview --against pl\t --json sav\tclu\t")).toEqual([
      "preview",
      "--against",
      "plan.json",
      "--json",
      "saved answers/cluster.json",
    ]);
  });

  test("completes no file where none may stand", () => {
    expect(typed(shell, "aks-istio preview --policy-timeout pl\t --stack pl\t")).toEqual([
      "preview",
      "--policy-timeout",
      "pl",
      "--stack",
      "pl",
    ]);
  });

  test("completes policies below a command of a command", () => {
    expect(typed(shell, "aks-istio expl\tpol\tmesh-osm\t")).toEqual([
      "explain",
      "policy",
      "mesh-osm-conflict",
    ]);
  });
});
