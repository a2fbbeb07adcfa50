import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { prepare } from "./aks.ts";
import { Cluster } from "./cluster.ts";
import { components } from "./components.ts";
import type { Components } from "./components.ts";
import { startControlPlane } from "./controlPlane.ts";
import type { ControlPlane } from "./controlPlane.ts";
import { Temporary } from "./temporary.ts";

/** The components that the tests run against. */
export interface Real {
  /** Components that the harness starts on loopback, or a user's cluster with the add-on. */
  readonly on: "loopback" | "cluster";
  readonly kubeconfig: string;
  readonly programs: Components;
  /** Kept if a test fails. */
  readonly logDirectory: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly real: Real;
  }
}

/** Builds the components, starts a Kubernetes control plane, and removes everything after the tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const usersCluster = usersOwn();
  const programs = await components(say);
  const directory = new Temporary(join(tmpdir(), "aks-istio-real-"));
  const scratch = join(directory.path, "scratch");
  const logDirectory = join(directory.path, "logs");
  mkdirSync(scratch);
  mkdirSync(logDirectory);
  const keepLogs = () => {
    // The other files include keys and tokens.
    rmSync(scratch, { recursive: true });
    directory.keep();
    say(`The components' logs are in ${logDirectory}`);
  };

  let controlPlane: ControlPlane | undefined;
  if (usersCluster === undefined) {
    try {
      controlPlane = await startControlPlane(programs, scratch, logDirectory);
      await prepare(Cluster.of(controlPlane.kubeconfig), programs);
    } catch (error) {
      await controlPlane?.stop();
      keepLogs();
      throw error;
    }
  } else say(`The tests run on the cluster in ${usersCluster}.`);
  project.provide("scratch", scratch);
  project.provide("real", {
    on: controlPlane === undefined ? "cluster" : "loopback",
    kubeconfig: controlPlane?.kubeconfig ?? usersCluster ?? "",
    programs,
    logDirectory,
  });
  return async () => {
    await controlPlane?.stop();
    if (controlPlane === undefined || !failed(project)) directory.remove();
    else keepLogs();
  };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Whether a test failed, or what is around the tests did. */
export function failed({ vitest: { state } }: TestProject): boolean {
  return (
    state.getCountOfFailedTests() > 0 ||
    state.getUnhandledErrors().length > 0 ||
    state.getFiles().some((file) => file.result?.state === "fail")
  );
}

/** Only if requested: many machines set KUBECONFIG, and it may point at production. */
function usersOwn(): string | undefined {
  const chosen = process.env["AKS_ISTIO_REAL"];
  if (chosen === undefined) return undefined;
  if (chosen !== "cluster") {
    throw new Error(`AKS_ISTIO_REAL is ${chosen}. Set it to cluster, or unset it.`);
  }
  const kubeconfig = process.env["KUBECONFIG"];
  if (kubeconfig === undefined || kubeconfig === "") {
    throw new Error(
      "AKS_ISTIO_REAL=cluster requires KUBECONFIG, the path of the cluster's kubeconfig.",
    );
  }
  return kubeconfig;
}
