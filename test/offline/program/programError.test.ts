import { describe, expect, test } from "vitest";
import { readableError } from "../../../offline/program/programError.ts";

// Messages as the SDK logs them, with its colours.
const grey = (text: string) => `\u001b[90m${text}\u001b[39m`;
const NODE_FRAMES = [
  grey("    at Module._compile (node:internal/modules/cjs/loader:1521:14)"),
  "    at Module._compile (/repo/node_modules/\u001b[4mpirates\u001b[24m/lib/index.js:129:24)",
  "    at Object.runProgram [as init] (/repo/node_modules/\u001b[4m@pulumi/pulumi\u001b[24m/cmd/run/run.js:491:33)",
];
const PREAMBLE = "Running program '/repo/shop/' failed with an unhandled exception:\n";

describe("readableError", () => {
  test.each([
    [
      "an error of the program",
      PREAMBLE +
        [
          "Error: the archive has no owner",
          `    at Object.<anonymous> ${grey("(/repo/shop/")}index.ts:5:7${grey(")")}`,
          ...NODE_FRAMES,
        ].join("\n"),
      "Error: the archive has no owner\n    at index.ts:5:7",
    ],
    [
      "an error of a library, with the line that called it",
      PREAMBLE +
        [
          "Error: Missing required property 'resourceGroupName'",
          "    at new ManagedCluster (/repo/node_modules/\u001b[4m@pulumi/azure-native\u001b[24m/containerservice/managedCluster.js:77:23)",
          `    at Object.<anonymous> ${grey("(/repo/shop/")}deep/cluster.js:2:60${grey(")")}`,
          ...NODE_FRAMES,
        ].join("\n"),
      "Error: Missing required property 'resourceGroupName'\n    at deep/cluster.js:2:60",
    ],
    [
      "an error in an ES module, with Node's additions",
      PREAMBLE +
        [
          "Error: ENOENT: no such file or directory, open '/nope'",
          grey("    at Object.readFileSync (node:fs:452:35)"),
          `    at ${grey("file:///repo/shop/")}index.js:2:4`,
          "    at Stack.initialize (/repo/node_modules/\u001b[4m@pulumi/pulumi\u001b[24m/runtime/stack.js:75:28) {",
          "  errno: \u001b[33m-2\u001b[39m,",
          "  code: \u001b[32m'ENOENT'\u001b[39m",
          "}",
        ].join("\n"),
      "Error: ENOENT: no such file or directory, open '/nope'\n    at index.js:2:4",
    ],
    [
      "an error in an apply, whose frame has no function",
      PREAMBLE +
        [
          "Error: in apply",
          `    at ${grey("/repo/shop/")}index.js:2:38`,
          "    at applyHelperAsync (/repo/node_modules/\u001b[4m@pulumi/pulumi\u001b[24m/output.js:327:31)",
        ].join("\n"),
      "Error: in apply\n    at index.js:2:38",
    ],
    [
      "a missing module",
      PREAMBLE +
        [
          "Error: Cannot find module 'left-pad'",
          "Require stack:",
          "- /repo/shop/lib.js",
          "- /repo/node_modules/@pulumi/pulumi/cmd/run/run.js",
          grey(
            "    at Function.Module._resolveFilename (node:internal/modules/cjs/loader:1207:15)",
          ),
          `    at Object.<anonymous> ${grey("(/repo/shop/")}lib.js:1:1${grey(")")}`,
          "    at require (node:internal/modules/helpers:182:18) {",
          "  code: \u001b[32m'MODULE_NOT_FOUND'\u001b[39m",
          "}",
        ].join("\n"),
      "Error: Cannot find module 'left-pad'\n    at lib.js:1:1",
    ],
    [
      "a missing module, with only Node's own files on the stack",
      PREAMBLE +
        [
          "Error: Cannot find module './absent.js'",
          "Require stack:",
          "- internal/preload",
          "    at Function._resolveFilename (node:internal/modules/cjs/loader:1207:15)",
          "    at node:internal/main/run_main_module:36:49",
        ].join("\n"),
      "Error: Cannot find module './absent.js'",
    ],
    [
      "a file on a drive, and one in an async frame",
      PREAMBLE +
        [
          "Error: late",
          "    at node:internal/process/task_queues:95:5",
          "    at async /repo/shop/late.js:3:5",
        ].join("\n"),
      "Error: late\n    at late.js:3:5",
    ],
    [
      "errors of the compiler",
      `${PREAMBLE}TSError: ⨯ Unable to compile TypeScript:\nindex.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.\nindex.ts(1,37): error TS2304: Cannot find name 'x'.\n`,
      "TSError: ⨯ Unable to compile TypeScript:\nindex.ts(1,7): error TS2322: Type 'string' is not assignable to type 'number'.\nindex.ts(1,37): error TS2304: Cannot find name 'x'.",
    ],
    [
      "a syntax error, relative to the program",
      `${PREAMBLE}SyntaxError: Error transforming /repo/shop/index.ts: Unexpected token (3:52)`,
      "SyntaxError: Error transforming index.ts: Unexpected token (3:52)",
    ],
    ["a thrown string", `${PREAMBLE}just text`, "just text"],
    [
      "an error of a policy pack",
      `error: [runtime] ${PREAMBLE}    Error: the list is missing\n    at Object.<anonymous> ${grey("(/repo/shop/")}index.js:3:7${grey(")")}\n`,
      "Error: the list is missing\n    at index.js:3:7",
    ],
    [
      "an error with no frame of the program",
      `${PREAMBLE}Error: deep inside\n${NODE_FRAMES.join("\n")}`,
      "Error: deep inside",
    ],
    ["a RunError, unchanged", "the archive has no owner", "the archive has no owner"],
    [
      "a message with lines that look like frames and lists, unchanged",
      "Wrong settings:\n- /subscriptions/1 is no resource group\n    at least one zone is needed\n  at most 5",
      "Wrong settings:\n- /subscriptions/1 is no resource group\n    at least one zone is needed\n  at most 5",
    ],
    ["nothing", "", ""],
  ])("%s", (_, message, readable) => {
    expect(readableError(message, "/repo/shop")).toBe(readable);
  });

  test("frames above the program's directory, or in one of its packages, are not its own", () => {
    const message = [
      "Error: no",
      "    at f (/repo/shop/node_modules/lib/index.js:1:2)",
      "    at g (/repo/other/index.js:3:4)",
      "    at h (/repo/shopping/index.js:5:6)",
    ].join("\n");
    expect(readableError(message, "/repo/shop")).toBe("Error: no");
  });
});
