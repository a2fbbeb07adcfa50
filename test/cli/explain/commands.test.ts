import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addonObjects } from "../../../operate/explain/pod/addonObjects.ts";
import { BASE, config, pod, service } from "../../operate/explain/request/objects.ts";
import { serveApi } from "../../support/apiServerStandIn.ts";
import { aksIstio } from "../../support/command.ts";

let folder: string;
const file = (name: string, ...objects: readonly object[]) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
  return path;
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "explain-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const namespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop", labels: { "istio.io/rev": "asm-1-30" } },
};
const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop" },
  spec: { template: { metadata: { labels: { app: "web" } }, spec: {} } },
};

async function run(...args: readonly string[]) {
  const { code, stdout, stderr } = await aksIstio(["explain", ...args]);
  return { code, stdout, stderr };
}

describe("explain pod", () => {
  test("reads a cluster from files", async () => {
    const path = file("c.json", namespace, pod("shop", "web"), ...addonObjects(["asm-1-30"]));
    const { code, stdout, stderr } = await run("pod/web", "-n", "shop", "--from", path);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("sidecar of asm-1-30: ");
    const without = file(
      "d.json",
      namespace,
      pod("shop", "web", { mesh: "none" }),
      ...addonObjects(["asm-1-30"]),
    );
    expect(await run("pod/shop/web", "--from", without)).toMatchObject({ code: 1, stderr: "" });
  });

  test("reads a manifest for a revision", async () => {
    const path = file("m.json", namespace, deployment);
    const args = ["deployment/web", "-n", "shop", "-f", path, "--revision"];
    expect(await run(...args, "asm-1-30")).toMatchObject({ code: 0, stderr: "" });
    const { code, stdout } = await run(...args, "asm-1-29", "-o", "json");
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 1,
      verdict: {
        outcome: "no sidecar",
        fix: "Label the namespace istio.io/rev=asm-1-29.",
      },
    });
    const alone = file("a.json", deployment);
    expect(
      await run("deployment/web", "-n", "shop", "-f", alone, "--revision", "asm-1-30"),
    ).toMatchObject({
      code: 2,
      stderr: "",
    });
  });

  test("reads a plan", async () => {
    const inputs = (value: object) => value;
    const part = (type: string, name: string, of: object) => ({
      newState: { urn: `urn:pulumi:s::p::${type}::${name}`, type, inputs: inputs(of) },
    });
    const plan = join(folder, "plan.json");
    const steps = [
      part("azure-native:containerservice:ManagedCluster", "c", {
        serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } },
      }),
      part("kubernetes:core/v1:Namespace", "shop", { metadata: namespace.metadata }),
      part("kubernetes:apps/v1:Deployment", "web", { ...deployment }),
    ];
    writeFileSync(plan, JSON.stringify({ steps }));
    expect(await run("deployment/web", "-n", "shop", "--plan", plan)).toMatchObject({
      code: 0,
      stderr: "",
    });
    writeFileSync(plan, JSON.stringify({ steps: steps.slice(1) }));
    expect(await run("deployment/web", "-n", "shop", "--plan", plan)).toEqual({
      code: 2,
      stdout: "",
      stderr: "The plan has no cluster whose revisions of the mesh are known.\n",
    });
  });

  test("says which object does not exist", async () => {
    const path = file("e.json", namespace, pod("shop", "web"), ...addonObjects(["asm-1-30"]));
    expect(await run("pod/wen", "-n", "shop", "--from", path)).toEqual({
      code: 2,
      stdout: "",
      stderr: `${path} has no Pod shop/wen; did you mean web?\n`,
    });
    expect((await run("pod/web", "--from", path)).stderr).toBe(
      `${path} has no Pod default/web; did you mean pod/shop/web?\n`,
    );
    expect((await run("pod/shop/other", "--from", path)).stderr).toBe(
      `${path} has no Pod shop/other. Check the name and the namespace.\n`,
    );
    expect((await run("service/web", "--from", path)).stderr).toBe(
      '"service/web" is neither a pod nor a workload. Name one, such as pod/web-1 or deployment/web.\n',
    );
  });
});

describe("explain request", () => {
  const request = (path: string, ...args: readonly string[]) =>
    run("request", "pod/front/client", ...args, "--from", path, "--complete");

  test("gives the verdict as exit code", async () => {
    const onlyPost = config("AuthorizationPolicy", "shop", "p", {
      rules: [{ to: [{ operation: { methods: ["POST"] } }] }],
    });
    const path = file("r.json", ...BASE, onlyPost);
    expect(await request(path, "shop/server", "--method", "post")).toMatchObject({
      code: 0,
      stderr: "",
    });
    const { code, stdout } = await request(path, "service/server", "-n", "shop");
    expect(code).toBe(1);
    expect(stdout).toContain("\ndenied: 403: AuthorizationPolicy shop/p spec.rules[0]: Pod ");
    expect(await run("request", "pod/front/client", "shop/server", "--from", path)).toMatchObject({
      code: 2,
    });
  });

  test("reads the kinds of both ends from a cluster", async () => {
    const apps = { apiVersion: "apps/v1", kind: "StatefulSet" };
    const owner = { ...apps, name: "db", uid: "u", controller: true };
    const client = pod("front", "client");
    const owned = { ...client, metadata: { ...client.metadata, ownerReferences: [owner] } };
    const items: Readonly<Record<string, readonly object[]>> = {
      statefulsets: [{ ...apps, metadata: { name: "db", namespace: "front" } }],
      pods: [owned, pod("shop", "server")],
      services: [service("shop", "server")],
    };
    const server = await serveApi(({ path }) => {
      const plural = path.replace(/\?.*/, "").split("/").at(-1) ?? "";
      return { body: { items: items[plural] ?? [] } };
    });
    const args = ["request", "statefulset/front/db", "shop/server", "-o", "json"];
    const { code, stdout, stderr } = await run(...args, "--kubeconfig", server.kubeconfig);
    await server.stop();
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      subject: "Request of StatefulSet front/db: GET server.shop.svc.cluster.local/",
    });
  });

  test("refuses a port that is none", async () => {
    const { code, stderr } = await request("-", "shop/server", "--port", "0");
    expect([code, stderr.split("\n")[0]]).toEqual([
      2,
      "error: option '--port <number>' argument '0' is invalid. \"0\" is no port. Use a number from 1 to 65535.",
    ]);
  });

  test("names the ports of a Service that has several", async () => {
    const two = service("shop", "server");
    const spec = {
      ...(two["spec"] as object),
      ports: [
        { name: "http", port: 80 },
        { name: "grpc", port: 81 },
      ],
    };
    const path = file("p.json", ...BASE.slice(0, 2), { ...two, spec });
    expect((await request(path, "server.shop")).stderr).toBe(
      "server.shop has several ports: 80 (http), 81 (grpc). Name one with --port.\n",
    );
    expect((await request(path, "server.shop", "--port", "81")).code).toBe(0);
  });
});

test("explain policy prints the page, too", async () => {
  const { code, stdout } = await run("policy", "mesh-osm-conflict");
  expect([code, stdout.split("\n")[0]]).toEqual([0, "# mesh-osm-conflict"]);
});
