import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { serveApi } from "../support/apiServerStandIn.ts";
import type { ApiServerStandIn } from "../support/apiServerStandIn.ts";
import type { Asked, Reply } from "../support/jsonServer.ts";
import { aksIstio } from "../support/command.ts";
import type { Outcome } from "../support/command.ts";
import { injectingReply, status } from "../support/injectorStandIn.ts";

const WEB = `# The shop's front end.
apiVersion: v1
kind: Service
metadata: {name: web, namespace: orders}   # in one line
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: orders
spec:
  replicas:   2
  template:
    metadata:
      labels: {app: web}
    spec:
      # what runs
      containers:
      - name: app
        image: 'web:1' # pinned
        livenessProbe:
          httpGet:
            path: /healthz
            port: 8080
      # the end
`;

const INJECTED = `# The shop's front end.
apiVersion: v1
kind: Service
metadata: {name: web, namespace: orders}   # in one line
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: orders
spec:
  replicas:   2
  template:
    metadata:
      labels: {app: web, "security.istio.io/tlsMode": "istio"}
      annotations:
        istio.io/rev: asm-1-30
        sidecar.istio.io/status: '{"containers":["istio-proxy"],"volumes":["istio-envoy"],"revision":"asm-1-30"}'
    spec:
      # what runs
      containers:
      - name: app
        image: 'web:1' # pinned
        livenessProbe:
          httpGet:
            path: /app-health/app/livez
            port: 15020
      - name: istio-proxy
        env:
        - name: OWNER
          value: ReplicaSet web-6d4cf56db6
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: ISTIO_KUBE_APP_PROBERS
          value: '{"/app-health/app/livez":{"httpGet":{"scheme":"HTTP","path":"/healthz","port":8080}}}'
        image: proxyv2:asm-1-30
        volumeMounts:
        - name: istio-envoy
          mountPath: /etc/istio/proxy
      volumes:
      - name: istio-envoy
        emptyDir:
          medium: Memory
      # the end
`;

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: job
spec:
  containers:
    - name: app
      image: job:1
`;

interface Injected {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly env?: readonly object[] }[] };
}

describe("aks-istio inject", () => {
  let directory: string;
  let api: ApiServerStandIn;
  let reply: (asked: Asked) => Reply | undefined = injectingReply();

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "inject-"));
    api = await serveApi((asked) => reply(asked));
  });
  afterAll(async () => {
    await api.stop();
    rmSync(directory, { recursive: true });
  });

  const write = (name: string, text: string) => {
    const file = join(directory, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  const read = (name: string) => readFileSync(join(directory, name), "utf8");
  /** Messages name files without the directory of the test. */
  const inject = async (...args: readonly string[]): Promise<Outcome> => {
    const cluster = ["--revision", "asm-1-30", "--kubeconfig", api.kubeconfig];
    const run = await aksIstio(["inject", ...cluster, ...args], {}, directory);
    return { ...run, stderr: run.stderr.replaceAll(`${directory}/`, "") };
  };

  test("adds the sidecar to the text, and changes nothing else", async () => {
    reply = injectingReply();
    write("web.yaml", WEB);
    expect(await inject("-f", "web.yaml")).toEqual({ code: 0, stdout: INJECTED, stderr: "" });
  });

  test("keeps Windows line breaks", async () => {
    write("windows.yaml", WEB.replaceAll("\n", "\r\n"));
    const { stdout } = await inject("-f", "windows.yaml");
    expect(stdout).toBe(INJECTED.replaceAll("\n", "\r\n"));
  });

  test("writes several files below a directory, and a check compares them", async () => {
    write("in/web.yaml", WEB);
    write("in/more/pod.yaml", POD);
    write("in/values.yaml", "a:   1\n");
    expect(await inject("-f", "in", "--out", "out")).toEqual({
      code: 0,
      stdout: "2 workloads with a sidecar written to out, in 3 files.\n",
      stderr: "",
    });
    expect(read("out/web.yaml")).toBe(INJECTED);
    expect(read("out/values.yaml")).toBe("a:   1\n");
    expect(parse(read("out/more/pod.yaml"))).toMatchObject({
      metadata: { name: "job", annotations: { "istio.io/rev": "asm-1-30" } },
      spec: { containers: [{ name: "app" }, { env: [{ value: "Pod job" }, {}] }] },
    });

    expect(await inject("-f", "in", "--check", "out")).toEqual({
      code: 0,
      stdout: "out is current.\n",
      stderr: "",
    });
    write("out/web.yaml", INJECTED.replace("web:1", "web:0"));
    rmSync(join(directory, "out/more/pod.yaml"));
    expect(await inject("-f", "in", "--check", "out")).toEqual({
      code: 1,
      stdout: "",
      stderr: `out/web.yaml is not what the source and the injector lead to:
  …
        containers:
        - name: app
-         image: 'web:0' # pinned
+         image: 'web:1' # pinned
          livenessProbe:
            httpGet:
out/more/pod.yaml does not exist.
Write it again: the same command with --out out instead of --check.
`,
    });
  });

  test("a directory in the place of a result cannot be checked", async () => {
    write("placed/web.yaml", WEB);
    mkdirSync(join(directory, "taken/web.yaml"), { recursive: true });
    const { code, stdout, stderr } = await inject("-f", "placed", "--check", "taken");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^taken\/web\.yaml cannot be read: EISDIR: [^\n]*\n$/);
  });

  test.each(["--out", "--check", "--save"])(
    "refuses %s in the source, and writes nothing",
    async (option) => {
      reply = injectingReply();
      write("around/web.yaml", WEB);
      const itself = option === "--save" ? "" : ", or around itself";
      expect(await inject("-f", "around", option, "around/out")).toEqual({
        code: 2,
        stdout: "",
        stderr: `${option} around/out is in around, so the next run would read it. Pass a directory outside${itself}.\n`,
      });
      expect(existsSync(join(directory, "around/out"))).toBe(false);
    },
  );

  test.each(["Secret", "!!str Secret", "SecretList"])(
    "does not show the lines of a file with kind: %s",
    async (kind) => {
      const secret = `---\napiVersion: v1\nkind: ${kind}\nmetadata: {name: s}\nstringData: {a: hidden}\n`;
      write("secret.yaml", WEB + secret);
      write("secret-sidecar.yaml", INJECTED + secret.replace("hidden", "other"));
      const { code, stderr } = await inject("-f", "secret.yaml", "--check", "secret-sidecar.yaml");
      expect(code).toBe(1);
      expect(stderr)
        .toBe(`secret-sidecar.yaml is not what the source and the injector lead to. It contains a Secret or cannot be read, so its lines are not shown.
Write it again: the same command with --out secret-sidecar.yaml instead of --check.
`);
    },
  );

  test("prints several files as one text", async () => {
    write("one/a.yaml", POD.trimEnd());
    write("one/b.yaml", `---\n${POD.replace("name: job", "name: other")}`);
    const { stdout, code } = await inject("-f", "one/a.yaml", "one/b.yaml", "-n", "orders");
    expect(code).toBe(0);
    const names = stdout
      .split("---\n")
      .map((one) => (parse(one) as { readonly metadata: { readonly name: string } }).metadata.name);
    expect(names).toEqual(["job", "other"]);
    expect(api.asked.at(-1)?.path).toBe("/api/v1/namespaces/orders/pods?dryRun=All");
  });

  test("says what gets no sidecar, and leaves it as it is", async () => {
    const host = POD.replace("spec:\n", "spec:\n  hostNetwork: true\n");
    const rollout =
      "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{}] } } }\n";
    const optedOut = POD.replace(
      "  name: job\n",
      "  name: out\n  labels: { sidecar.istio.io/inject: 'false' }\n",
    );
    const text = [host, rollout, optedOut].join("---\n");
    write("left.yaml", text);
    expect(await inject("-f", "left.yaml")).toEqual({
      code: 0,
      stdout: text,
      stderr: `left.yaml:12: Rollout web has pods, but is of a kind that is not injected. Inject what its operator makes.
left.yaml:2: Pod job gets no sidecar. The pod uses the host network, and istiod never injects such pods.
left.yaml:17: Pod out gets no sidecar. The pod's label sidecar.istio.io/inject=false opts it out.
`,
    });
  });

  test("names a Pod without apiVersion, also in a directory", async () => {
    reply = injectingReply();
    write("incomplete/pod.yaml", POD.replace("apiVersion: v1\n", ""));
    write("incomplete/web.yaml", WEB);
    const { code, stderr } = await inject("-f", "incomplete");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "incomplete/pod.yaml:1: Pod job has pods, but not both apiVersion and kind, so it gets no sidecar. Add them.\n",
    });
  });

  test("refuses a second sidecar, and replaces the old one if asked", async () => {
    const old = INJECTED.replaceAll("asm-1-30", "asm-1-29");
    write("old.yaml", old);
    expect(await inject("-f", "old.yaml")).toEqual({
      code: 2,
      stdout: "",
      stderr: `Nothing was injected:
old.yaml:7: Deployment web: it already has a sidecar. Inject its source instead, or replace the sidecar with --refresh.
`,
    });
    expect(await inject("-f", "old.yaml", "--refresh")).toEqual({
      code: 0,
      stdout: INJECTED,
      stderr: "",
    });
  });

  test.each<[string, Parameters<typeof injectingReply>[0], string]>([
    [
      "no namespace",
      { namespaces: {} },
      "the cluster has no namespace orders, in which the dry run would be. Create it first, name another with --namespace, or use a saved configuration with --from.",
    ],
    [
      "no such revision",
      { revisions: ["asm-1-28", "asm-1-29"] },
      "the cluster does not run asm-1-30, but asm-1-28 and asm-1-29. Name one of these with --revision.",
    ],
    [
      "no add-on",
      { revisions: [] },
      "the cluster does not run asm-1-30, nor any other revision of the add-on. Enable the add-on first.",
    ],
    [
      "a namespace of another revision",
      {
        namespaces: { orders: { "istio.io/rev": "asm-1-29" } },
        revisions: ["asm-1-29", "asm-1-30"],
      },
      "the namespace orders follows asm-1-29, so its injector answers for the pods there. Name that revision, or use a saved configuration of asm-1-30 with --from.",
    ],
    [
      "a namespace that injectors skip",
      { namespaces: { orders: { "istio-injection": "disabled" } } },
      "The namespace has the label istio-injection=disabled. With that label, regardless of its value, the webhooks of a revision skip it. Change that, or use a saved configuration with --from.",
    ],
    [
      "no right",
      { first: () => status(403, 'pods is forbidden: User "x" cannot create resource "pods"') },
      "the cluster does not let you create pods in the namespace orders, which the dry run needs. Ask for the right, such as the role Azure Kubernetes Service RBAC Writer.",
    ],
    [
      "a pod that exists",
      { first: () => status(409, 'pods "web" already exists') },
      "a pod of this name exists in the namespace orders, so the API server refuses a dry run. Delete it first, or use a saved configuration with --from.",
    ],
    [
      "pod security",
      {
        first: () =>
          status(403, 'pods "web-x" is forbidden: violates PodSecurity "restricted:latest"'),
      },
      'the API server refuses its pod: pods "web-x" is forbidden: violates PodSecurity "restricted:latest". Correct what it names, or use a saved configuration with --from.',
    ],
  ])("names the workload and the fix: %s", async (_, cluster, message) => {
    write("web.yaml", WEB);
    reply = injectingReply(cluster);
    expect(await inject("-f", "web.yaml")).toEqual({
      code: 2,
      stdout: "",
      stderr: `Nothing was injected:\nweb.yaml:7: Deployment web: ${message}\n`,
    });
  });

  test("leaves out what a webhook gives every pod anew, and says so", async () => {
    write("web.yaml", WEB);
    const whole = injectingReply();
    let pods = 0;
    reply = (asked) => {
      const answer = whole(asked);
      if (asked.method !== "POST") return answer;
      pods += 1;
      const pod = answer.body as Injected;
      const id = { name: "TRACE", value: `id-${pods}` };
      return {
        ...answer,
        body: {
          ...pod,
          metadata: {
            ...pod.metadata,
            annotations: { ...pod.metadata.annotations, "example.com/id": id.value },
          },
          spec: {
            ...pod.spec,
            containers: pod.spec.containers.map((one) => ({
              ...one,
              env: [...(one.env ?? []), id],
            })),
          },
        },
      };
    };
    const { code, stdout, stderr } = await inject("-f", "web.yaml");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "web.yaml:7: Deployment web: webhooks give every pod values of its own, so these are left out: metadata.annotations.example.com/id, spec.containers[app].env[TRACE].value, spec.containers[istio-proxy].env[TRACE].value.\n",
    });
    expect(stdout).toBe(INJECTED);
  });

  test("refuses an answer with the marks of an injection that lacks the application", async () => {
    write("web.yaml", WEB);
    const annotations = { "istio.io/rev": "asm-1-30", "sidecar.istio.io/status": "{}" };
    const whole = injectingReply();
    let asked = 0;
    reply = (request) => {
      asked += request.method === "POST" ? 1 : 0;
      return asked >= 2 ? { body: { metadata: { annotations } } } : whole(request);
    };
    expect(await inject("-f", "web.yaml")).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "Nothing was injected:\nweb.yaml:7: Deployment web: the answer for its pod lacks app, the label app, the label pod-template-hash, the label istio.io/rev. Look for webhooks or proxies that change what the API server returns, or use a saved configuration with --from.\n",
    });
  });

  test("saves the configuration of the injector, and injects with it and istioctl alone", async () => {
    const maps: Readonly<Record<string, object>> = {
      "istio-sidecar-injector-asm-1-30": { config: "templates: {}\n", values: "{}\n" },
      "istio-asm-1-30": { mesh: "trustDomain: cluster.local\n" },
      "istio-shared-configmap-asm-1-30": { mesh: "accessLogFile: /dev/stdout\n" },
    };
    const ofMap = ({ path }: Asked): Reply | undefined => {
      const [, name = ""] = /\/aks-istio-system\/configmaps\/(.+)$/.exec(path) ?? [];
      return Object.hasOwn(maps, name) ? { body: { data: maps[name] } } : undefined;
    };
    reply = injectingReply({ first: ofMap });
    expect(await inject("--save", "saved")).toEqual({
      code: 0,
      stdout: "",
      stderr: "The configuration of asm-1-30 was written to saved.\n",
    });
    const files = ["injector.json", "config.yaml", "values.json", "mesh.yaml"];
    expect(files.map((name) => read(`saved/${name}`))).toEqual([
      '{\n  "revision": "asm-1-30",\n  "nativeSidecars": false\n}\n',
      "templates: {}\n",
      "{}\n",
      'accessLogFile: /dev/stdout\ntrustDomain: "cluster.local"\n'.replaceAll('"', ""),
    ]);

    write("web.yaml", WEB);
    const offline = async (script: string | undefined, ...args: readonly string[]) => {
      const bin = join(directory, "bin");
      rmSync(bin, { recursive: true, force: true });
      mkdirSync(bin);
      if (script !== undefined) {
        writeFileSync(join(bin, "istioctl"), `#!/bin/sh\n${script}`, { mode: 0o755 });
      }
      return await aksIstio(
        ["inject", "-f", "web.yaml", "--from", "saved", ...args],
        { PATH: script === undefined ? bin : `${bin}:${process.env["PATH"] ?? ""}` },
        directory,
      );
    };
    expect(await offline(undefined)).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "Nothing was injected:\nweb.yaml:7: Deployment web: A saved configuration is rendered by `istioctl`, which is not on PATH. Install istioctl 1.30: https://istio.io/latest/docs/ops/diagnostic-tools/istioctl\n",
    });
    // Prints both pods, the second one with the mark of an injection and its container.
    const script = `if [ "$1" = version ]; then echo 1.29.3; exit; fi
echo "$@" > args; echo "$ENABLE_NATIVE_SIDECARS $KUBECONFIG" > env
exec sed '/^---/,$ { s/annotations: {}/annotations: {sidecar.istio.io\\/status: "{}"}/; s/^  containers:/&\\n    - name: istio-proxy\\n      image: proxyv2/; }'\n`;
    const { code, stdout, stderr } = await offline(script, "-n", "orders");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        "istioctl is 1.29.3, and asm-1-30 is Istio 1.30: the sidecar may differ from that of the cluster. Install istioctl 1.30.\n",
    });
    expect(stdout).toBe(
      WEB.replace(
        "labels: {app: web}\n",
        'labels: {app: web}\n      annotations:\n        sidecar.istio.io/status: "{}"\n',
      ).replace("      containers:\n", "$&      - name: istio-proxy\n        image: proxyv2\n"),
    );
    expect(read("args")).toBe(
      "kube-inject --filename - --revision asm-1-30 --injectConfigFile saved/config.yaml --valuesFile saved/values.json --meshConfigFile saved/mesh.yaml\n",
    );
    expect(read("env")).toBe("false /dev/null\n");
    expect((await offline('if [ "$1" = version ]; then exit 1; fi; exec cat\n')).stderr).toBe(
      "Nothing was injected:\nweb.yaml:7: Deployment web: the injector added no sidecar. Save its configuration again, or ask the cluster instead.\n",
    );
  });

  test("names everything that is wrong with the input at once", async () => {
    reply = injectingReply();
    write("service.yaml", WEB.slice(0, WEB.indexOf("---")));
    expect(await inject("-f", "service.yaml")).toEqual({
      code: 2,
      stdout: "",
      stderr: "Nothing to inject: 1 file without a workload, such as a Deployment.\n",
    });
    write("bad/a.yaml", "apiVersion: v1\n kind: Pod\n");
    write(
      "bad/b.yaml",
      POD.replace("metadata:", "metadata: &m").concat("copy: { metadata: *m }\n"),
    );
    const { code, stderr } = await inject("-f", "bad");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^Nothing was injected:\nbad\/a\.yaml:\d: .*\nbad\/b\.yaml cannot be changed in place: a part that would change is also used elsewhere/,
    );
    expect((await inject("-f", "missing.yaml", "no")).stderr).toBe(
      "missing.yaml does not exist. Name a file, a directory or -.\nno does not exist. Name a file, a directory or -.\n",
    );
  });

  test("says which options are missing or wrong", async () => {
    const run = async (...args: readonly string[]) =>
      await aksIstio(["inject", ...args], { KUBECONFIG: join(directory, "none") }, directory);
    expect((await run()).stderr).toBe(
      "Nothing to inject: name a file, a directory or - with -f.\n",
    );
    expect((await run("-f", "web.yaml")).stderr).toBe(
      "Name the revision whose sidecar is added with --revision, such as asm-1-30, or a saved configuration with --from.\n",
    );
    expect((await run("-f", "web.yaml", "--revision", "1.30")).stderr).toContain(
      '"1.30" is not a valid revision. Use a revision such as asm-1-30.',
    );
  });
});
