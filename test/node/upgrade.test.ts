import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { parse, stringify } from "yaml";
import { planMesh, upgradeCourse } from "../../mesh/upgrade.ts";
import type { MeshSettings } from "../../mesh/upgrade.ts";
import { PASSPHRASE } from "../deploy/harness/cli.ts";
import { ROOT, stackFile } from "../deploy/harness/stack.ts";
import type { Stack } from "../deploy/harness/stack.ts";
import { GATEWAY_ADDRESS } from "../real/harness/aks.ts";
import { Cluster } from "../real/harness/cluster.ts";
import type { Resource } from "../real/harness/cluster.ts";
import { sidecarRevision, sidecarsOf } from "../real/harness/pods.ts";
import type { Pod } from "../real/harness/pods.ts";
import { restart, rolledOut } from "../real/harness/workload.ts";
import { scratch } from "../real/harness/scratch.ts";
import { aksIstio } from "../support/command.ts";
import { certificateFor } from "./harness/certificate.ts";
import type { Certificate } from "./harness/certificate.ts";
import { emptied } from "./harness/emptied.ts";
import { patched } from "./harness/images.ts";
import type { LoadOptions } from "./harness/load.ts";
import { Mesh } from "./harness/mesh.ts";
import { stackOnNode } from "./harness/stackOnNode.ts";
import { Traffic, lostOf, row, sentOf } from "./harness/traffic.ts";
import type { HostReport } from "./harness/traffic.ts";
import { client, deployed, namespace, podinfo } from "./harness/workloads.ts";

const { kubeconfig, parts } = inject("node");
const cluster = Cluster.of(kubeconfig);

/** The node is not Azure's, and the pack would only slow the deployments down. */
const OFF_AZURE = ["--no-policy-pack", "--skip", "upgrade-azure"];

const NAMESPACES = { web: { canary: true }, api: { canary: false } };

/**
 * The Services that serve each host. The program deploys a frontend and the backend that it calls. "entry" calls the
 * frontend. It belongs to users of the cluster, who must restart it themselves.
 */
const HOSTS = {
  "web.example.com": { namespace: "web", service: "entry", port: 80 },
  "api.example.com": { namespace: "api", service: "frontend", port: 9898 },
} as const;
type Host = keyof typeof HOSTS;

const entry = podinfo("web", "entry", {
  replicas: 2,
  backend: "http://frontend.web.svc.cluster.local:9898/echo",
});
const [ENTRY] = entry.filter(({ kind }) => kind === "Deployment") as [Resource];

const ofProgram = (namespace: string) =>
  ["frontend", "backend"].map((name) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
  }));
const WORKLOADS: Readonly<Record<string, readonly Resource[]>> = {
  web: [ENTRY, ...ofProgram("web")],
  api: ofProgram("api"),
};

/** Requests per second to each host over each kind of connection. */
const RATE = 12;

describe("a stack that `pulumi up` deploys under traffic through its ingress gateway", () => {
  const mesh = new Mesh(cluster, parts.control.istioctl, "init-container");
  const ends: (() => void)[] = [];
  const table: string[] = [];
  let stack: Stack;
  let traffic: Traffic;

  function set(settings: MeshSettings): void {
    stack.edit((text) => {
      const file = parse(text) as StackFile;
      const { meshConfig } = file.config["aks-istio:mesh"] as { readonly meshConfig: object };
      file.config["aks-istio:mesh"] = { ...settings, meshConfig };
      return stringify(file);
    });
  }

  async function up(): Promise<void> {
    const { code, output } = await stack.up();
    if (code !== 0) throw new Error(output);
  }

  /** Writes new settings, and runs the guard on them before they are deployed. */
  async function guard(settings: MeshSettings): Promise<{ code: number | null; says: string }> {
    const before = join(stack.cli.directory, "before.yaml");
    writeFileSync(before, stack.cli.read("Pulumi.dev.yaml"));
    set(settings);
    const { code, stderr } = await aksIstio(
      ["upgrade", "--stack", "dev", "--before", before],
      { PULUMI_CONFIG_PASSPHRASE: PASSPHRASE },
      join(stack.cli.directory, "project"),
    );
    return { code, says: stderr };
  }

  /** Deploys a step that the guard accepts, and restarts other workloads as docs/upgrading.md describes. */
  async function step(from: MeshSettings, to: MeshSettings): Promise<void> {
    expect(await guard(to)).toEqual({ code: 0, says: "" });
    await up();
    const [was, is] = [from, to].map(
      (settings) => planMesh({ settings, namespaces: NAMESPACES }).labels["web"],
    );
    if (was !== is) await restart(cluster, ENTRY);
  }

  /** A whole upgrade, phase by phase. */
  async function upgrade(from: string, to: string): Promise<void> {
    const course = courseOf(from, to);
    for (const [i, settings] of course.entries()) {
      const before = course[i - 1];
      if (before === undefined) continue;
      await step(before, settings);
      // The pods of each namespace must match its label.
      const { labels } = planMesh({ settings, namespaces: NAMESPACES });
      expect(await sidecars(sidecarRevision)).toEqual(labels);
    }
  }

  /** The value for the pods of each namespace; a list if they differ. */
  async function sidecars(of: (pod: Pod) => unknown): Promise<Readonly<Record<string, unknown>>> {
    const entries = Object.entries(WORKLOADS).map(async ([name, deployments]) => {
      const pods = await Promise.all(deployments.map((each) => rolledOut(cluster, each)));
      const [one, ...others] = new Set(pods.flat().map(of));
      return [name, others.length === 0 ? one : [one, ...others]] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  async function during(
    scenario: string,
    requests: number,
    act: () => Promise<void>,
  ): Promise<readonly HostReport[]> {
    const reports = await traffic.during(requests, act);
    table.push(row(scenario, reports));
    return reports;
  }

  function expectNoneLost(reports: readonly HostReport[], requests: number): void {
    expect(reports.flatMap(({ failures }) => failures)).toEqual([]);
    expect(lostOf(reports)).toBe(0);
    expect(sentOf(reports)).toBeGreaterThanOrEqual(requests);
  }

  beforeAll(async () => {
    const certificates = Object.fromEntries(
      Object.keys(HOSTS).map((host) => [host, certificateFor(host, scratch)]),
    ) as Readonly<Record<Host, Certificate>>;
    const hosts = Object.entries(HOSTS) as [Host, (typeof HOSTS)[Host]][];
    stack = await stackOnNode(settingsWith(certificates), mesh, (end) => ends.push(end));
    for (const [host] of hosts) {
      const path = `aks-istio:gateways.ingress.Internal.hosts["${host}"].tlsKey`;
      await stack.cli.succeed([
        ...["config", "set", "--secret", "--path", "--"],
        ...[path, certificates[host].key],
      ]);
    }
    await up();
    await cluster.apply(namespace("outside"));
    const [from] = (await deployed(cluster, client("outside"))) as [Pod];
    await deployed(cluster, entry);
    const requests = hosts.map(([host]): [string, LoadOptions] => [
      host,
      {
        url: `https://${host}/echo`,
        method: "POST",
        // The last workload returns it. The first one responds with 200 even if the last one does not respond.
        body: "from the client",
        contains: "from the client",
        host,
        connectTo: `${GATEWAY_ADDRESS}:443`,
        authority: certificates[host].certificate,
        rate: RATE,
      },
    ]);
    traffic = new Traffic(cluster, from, new Map(requests));
    await traffic.settled();
  });

  afterAll(async () => {
    const head = [
      "| scenario | sent | lost | time | slowest p99 |",
      "| --- | --- | --- | --- | --- |",
    ];
    process.stdout.write(`\n${[...head, ...table].join("\n")}\n\n`);
    for (const end of ends) end();
    await emptied(cluster, mesh);
  });

  test("a canary upgrade loses no requests", async () => {
    const [from, to] = ["asm-1-28", "asm-1-29"];
    expect(await sidecars(sidecarRevision)).toEqual({ web: from, api: from });
    const reports = await during("a canary upgrade, phase by phase", 10_000, () =>
      upgrade(from, to),
    );
    expect(await sidecars(sidecarRevision)).toEqual({ web: to, api: to });
    expectNoneLost(reports, 10_000);
  });

  test("a restart after a patch of the revision loses no requests", async () => {
    const reports = await during("a restart after a patch of the revision", 2000, async () => {
      await mesh.patch();
      for (const deployments of Object.values(WORKLOADS)) {
        await Promise.all(deployments.map((each) => restart(cluster, each)));
      }
    });
    const tag = patched("asm-1-29");
    expect(await sidecars(tagOfSidecar)).toEqual({ web: tag, api: tag });
    expectNoneLost(reports, 2000);
  });

  test("stopping a revision that a namespace uses loses requests, and the guard refuses it", async () => {
    const [before, prepared, canary] = courseOf("asm-1-29", "asm-1-30");
    if (before === undefined || prepared === undefined || canary === undefined) throw new Error();
    await step(before, prepared);
    await step(prepared, canary);
    expect(await sidecars(sidecarRevision)).toEqual({ web: "asm-1-30", api: "asm-1-29" });
    const { code, says } = await guard(before);
    expect(code).toBe(1);
    expect(says).toContain("stops asm-1-30, which is still used by web, in one step.");
    const reports = await during("a revision stopped while in use, by force", 1000, up);
    // The pods of "entry" no longer discover new pods of the frontend.
    expect(lostOf(reports, "web.example.com")).toBeGreaterThan(0);
    expect(lostOf(reports, "api.example.com")).toBe(0);
    await restart(cluster, ENTRY);
    await traffic.settled();
  });

  /** Runs `aks-istio upgrade --run` on the stack. */
  async function run(
    ...options: readonly string[]
  ): Promise<{ code: number | null; says: string }> {
    const { code, stdout, stderr } = await aksIstio(
      ["upgrade", "--stack", "dev", "--run", ...OFF_AZURE, ...options],
      stack.cli.environment(),
      join(stack.cli.directory, "project"),
    );
    return { code, says: stdout + stderr };
  }

  /** Runs it until it says something, and then ends it as Ctrl+C does. */
  async function interrupted(at: string, ...options: readonly string[]): Promise<number | null> {
    const child = spawn(
      process.execPath,
      [join(ROOT, "bin/aks-istio.js"), "upgrade", "--stack", "dev", ...options],
      {
        cwd: join(stack.cli.directory, "project"),
        env: { ...process.env, ...stack.cli.environment() },
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    let says = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      if (!says.includes(at) && (says + text).includes(at)) child.kill("SIGINT");
      says += text;
    });
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
  }

  test("a run stops at a workload that does not come up, and one back restores the first state", async () => {
    const before = stack.cli.read("Pulumi.dev.yaml");
    await cluster.applyAll(refusingPods("entry", "asm-1-30"));
    const reports = await during("a run that stops, and back", 1000, async () => {
      const stopped = await run("--to", "asm-1-30", "--timeout", "30s");
      expect([stopped.code, stopped.says]).toEqual([
        1,
        expect.stringContaining("Deployment web/entry"),
      ]);
      expect(stopped.says).toContain(
        "npx aks-istio upgrade --stack dev --skip upgrade-azure --timeout 30s --no-policy-pack --back --run",
      );
      // The canary has not been promoted.
      const others = await Promise.all(ofProgram("api").map((each) => rolledOut(cluster, each)));
      expect(new Set(others.flat().map(sidecarRevision))).toEqual(new Set(["asm-1-29"]));
      const back = await run("--back");
      expect(back.code, back.says.slice(-4000)).toBe(0);
      expect(back.says).toContain("asm-1-29");
    });
    expect(await sidecars(sidecarRevision)).toEqual({ web: "asm-1-29", api: "asm-1-29" });
    // The way back gives up the canary, and nothing else.
    const namespaces = { ...settingsOf(before, "namespaces"), web: {} };
    expect(settingsOf(stack.cli.read("Pulumi.dev.yaml"), "namespaces")).toEqual(namespaces);
    expect(settingsOf(stack.cli.read("Pulumi.dev.yaml"), "mesh")).toEqual(
      settingsOf(before, "mesh"),
    );
    expectNoneLost(reports, 1000);
    for (const object of refusingPods("entry", "asm-1-30")) await cluster.remove(object);
    stack.edit(() => before);
  });

  test("a run from init containers to Istio CNI, interrupted and resumed, loses no requests", async () => {
    expect(await sidecars(redirection)).toEqual({ web: "istio-init", api: "istio-init" });
    const reports = await during(
      "from init containers to Istio CNI, with an upgrade",
      4000,
      async () => {
        await mesh.redirectBy("cni");
        const target = ["--run", "--to", "asm-1-30", ...OFF_AZURE];
        expect(await interrupted("Deploying the phase canary", ...target)).toBe(2);
        const { stdout } = await aksIstio(
          ["upgrade", "--stack", "dev"],
          stack.cli.environment(),
          join(stack.cli.directory, "project"),
        );
        expect(stdout).toMatch(/^Mesh: asm-1-29 to asm-1-30, canary$/m);
        const { code, says } = await run();
        expect(code, says.slice(-4000)).toBe(0);
        expect(says).toContain("asm-1-30");
      },
    );
    expect(await sidecars(redirection)).toEqual({
      web: "istio-validation",
      api: "istio-validation",
    });
    expectNoneLost(reports, 4000);
  });
});

/** Has the API server refuse the pods of an app that get a proxy of a revision. */
function refusingPods(app: string, revision: string): readonly Resource[] {
  const name = `no-${revision}`;
  return [
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicy",
      metadata: { name },
      spec: {
        matchConstraints: {
          resourceRules: [
            { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] },
          ],
        },
        matchConditions: [
          { name: "app", expression: `object.metadata.labels.?app == optional.of("${app}")` },
        ],
        validations: [
          {
            expression: `object.metadata.annotations[?"istio.io/rev"] != optional.of("${revision}")`,
          },
        ],
      },
    },
    {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingAdmissionPolicyBinding",
      metadata: { name },
      spec: { policyName: name, validationActions: ["Deny"] },
    },
  ];
}

interface StackFile {
  readonly config: Record<string, unknown>;
}

function settingsOf(text: string, key: string): object {
  return (parse(text) as StackFile).config[`aks-istio:${key}`] as object;
}

/** The settings of the example, plus hosts at its gateway. Their keys are set separately, as secrets. */
function settingsWith(certificates: Readonly<Record<Host, Certificate>>): string {
  const file = parse(stackFile("examples/upgrade-before.yaml")) as StackFile;
  const { meshConfig } = file.config["aks-istio:mesh"] as { readonly meshConfig: object };
  file.config["aks-istio:mesh"] = { revision: "asm-1-28", meshConfig };
  const hosts = Object.entries(HOSTS).map(([host, served]) => [
    host,
    { ...served, tlsCertificate: certificates[host as Host].certificate },
  ]);
  file.config["aks-istio:gateways"] = {
    ingress: { Internal: { hosts: Object.fromEntries(hosts) as object } },
  };
  return stringify(file);
}

function courseOf(from: string, to: string): readonly MeshSettings[] {
  const states = upgradeCourse(from as `asm-1-${number}`, to as `asm-1-${number}`, NAMESPACES);
  return states.map(({ settings }) => settings);
}

function tagOfSidecar(pod: Pod): string | undefined {
  return sidecarsOf(pod)[0]?.image.split(":").at(-1);
}

/** The init container that redirects a pod's traffic, or the one that validates the redirection by Istio CNI. */
function redirection({ spec }: Pod): string | undefined {
  return spec.initContainers?.find(({ name }) => /^istio-(init|validation)$/.test(name))?.name;
}
