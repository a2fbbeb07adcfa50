import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { waitFor } from "../real/harness/waitFor.ts";
import { scratch } from "../real/harness/scratch.ts";
import { cgroupsOf } from "./harness/cgroups.ts";

const { parts } = inject("node");
const REGISTER = join(__dirname, "../../bin/register.js");

/** The processes in the control groups of the node that a process started. */
function processesOf(starter: number): string[] {
  return readdirSync("/proc").filter((entry) => {
    try {
      return readFileSync(`/proc/${entry}/cgroup`, "utf8").includes(`/aks-istio-node-${starter}`);
    } catch {
      return false;
    }
  });
}

test("a node leaves nothing behind when the process that started it is killed", async () => {
  const directory = mkdtempSync(join(scratch, "killed-"));
  const partsFile = join(directory, "parts.json");
  writeFileSync(partsFile, JSON.stringify(parts));
  const made = join(directory, "made");
  const script = join(__dirname, "harness/startNode.ts");
  const args = ["--require", REGISTER, script, partsFile, join(made, "node-")];
  const starter = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const pid = starter.pid ?? 0;
  await once(starter.stdout, "data");
  // At least the components of a cluster, each with its supervising process.
  expect(processesOf(pid).length).toBeGreaterThan(16);
  expect(cgroupsOf(pid).length).toBeGreaterThan(0);
  expect(readdirSync(made)).toHaveLength(1);

  starter.kill("SIGKILL");
  await waitFor("all traces of the node to be gone", () => {
    const left = [...processesOf(pid), ...cgroupsOf(pid), ...readdirSync(made)];
    if (left.length > 0) throw new Error(left.join(" "));
    return true;
  });
});
