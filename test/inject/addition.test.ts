import fc from "fast-check";
import { expect, test } from "vitest";
import { withAddition } from "../../inject/addition.ts";
import { withDefaults, withoutDefaults } from "../../inject/apiDefaults.ts";
import type { JsonObject } from "../../yaml/json.ts";

const pod = (metadata: JsonObject, spec: JsonObject): JsonObject => ({ metadata, spec });

test("only what one of both pods has is added, not what the API server sets in both", () => {
  const template = pod({ labels: { app: "web" } }, { containers: [{ name: "app" }] });
  const before = pod(
    { labels: { app: "web", hash: "1", "sidecar.istio.io/inject": "false" }, uid: "1" },
    {
      dnsPolicy: "ClusterFirst",
      containers: [{ name: "app", tty: false }],
      tolerations: [{ key: "a" }],
      volumes: [{ name: "claimed" }],
    },
  );
  const after = pod(
    { labels: { app: "web", hash: "1", mesh: "yes" }, annotations: { rev: "1" }, uid: "2" },
    {
      dnsPolicy: "ClusterFirst",
      containers: [
        { name: "app", tty: false },
        { name: "proxy", ports: [{ containerPort: 1, protocol: "TCP" }] },
      ],
      initContainers: [{ name: "first" }],
      tolerations: [{ key: "a" }],
      volumes: [{ name: "new", configMap: { name: "c", defaultMode: 420 } }, { name: "claimed" }],
    },
  );
  expect(withAddition(template, { without: before, with: after })).toEqual(
    pod(
      { labels: { app: "web", mesh: "yes" }, annotations: { rev: "1" } },
      {
        containers: [{ name: "app" }, { name: "proxy", ports: [{ containerPort: 1 }] }],
        initContainers: [{ name: "first" }],
        volumes: [{ name: "new", configMap: { name: "c" } }],
      },
    ),
  );
});

test("a probe that is pointed elsewhere changes only there", () => {
  const probe = { tcpSocket: { port: 80 }, periodSeconds: 5 };
  const template = pod({}, { containers: [{ name: "app", livenessProbe: probe }] });
  const defaulted = { ...probe, timeoutSeconds: 1 };
  const pointed = {
    periodSeconds: 5,
    timeoutSeconds: 1,
    httpGet: { path: "/app", port: 15020, scheme: "HTTP" },
  };
  const injected = withAddition(template, {
    without: pod({}, { containers: [{ name: "app", livenessProbe: defaulted }] }),
    with: pod({}, { containers: [{ name: "app", livenessProbe: pointed }] }),
  });
  expect(injected).toEqual(
    pod(
      {},
      {
        containers: [
          {
            name: "app",
            livenessProbe: { periodSeconds: 5, httpGet: { path: "/app", port: 15020 } },
          },
        ],
      },
    ),
  );
});

test("a new volume without a source is an empty directory, as the API server makes it", () => {
  const own = pod({}, { containers: [], volumes: [{ name: "own" }] });
  const after = pod({}, { containers: [], volumes: [{ name: "new" }, { name: "own" }] });
  const injected = withAddition(own, { without: own, with: after });
  expect(injected["spec"]).toEqual({
    containers: [],
    volumes: [{ name: "new", emptyDir: {} }, { name: "own" }],
  });
});

test("the other fields of the metadata stay, and a container may move", () => {
  const own = pod(
    { name: "web" },
    { containers: [{ name: "proxy", image: "auto" }, { name: "app" }] },
  );
  const after = pod({}, { containers: [{ name: "app" }, { name: "proxy", image: "p:1" }] });
  expect(withAddition(own, { without: own, with: after })).toEqual(
    pod({ name: "web" }, { containers: [{ name: "app" }, { name: "proxy", image: "p:1" }] }),
  );
});

test("an injection that adds nothing changes nothing", () => {
  const value = fc.dictionary(
    fc.constantFrom("a", "b"),
    fc.oneof(fc.integer(), fc.array(fc.record({ name: fc.string() }, { noNullPrototype: true }))),
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(value, value, (spec, server) => {
      const template = pod({ labels: { app: "web" } }, spec);
      const same = pod({ labels: { app: "web" } }, { ...server, ...spec });
      expect(withAddition(template, { without: same, with: same })).toEqual(template);
    }),
  );
});

test("what the API server would set anyway is not written, and all else is", () => {
  const container = (imagePullPolicy: string, image: string) => ({ image, imagePullPolicy });
  expect(withoutDefaults({ name: "a", ...container("IfNotPresent", "r/p:1") })).toEqual({
    name: "a",
    image: "r/p:1",
  });
  for (const image of ["p", "p:latest", "host:80/p"]) {
    expect(withoutDefaults(container("Always", image))).toEqual({ image });
  }
  expect(withoutDefaults(container("Always", "p:1"))).toEqual(container("Always", "p:1"));
  expect(withoutDefaults(container("IfNotPresent", "p@sha256:1"))).toEqual({ image: "p@sha256:1" });
  expect(
    withoutDefaults({
      readinessProbe: {
        httpGet: { path: "/", scheme: "HTTP" },
        periodSeconds: 15,
        successThreshold: 1,
      },
      env: [{ name: "A", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "p" } } }],
      ref: { apiVersion: "v1", kind: "K" },
      resources: {},
      emptyDir: {},
      gone: null,
    }),
  ).toEqual({
    emptyDir: {},
    env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "p" } } }],
    readinessProbe: { httpGet: { path: "/" }, periodSeconds: 15 },
    ref: { apiVersion: "v1", kind: "K" },
  });
});

test("the fields are in the order of their names, after the name", () => {
  expect(Object.keys(withoutDefaults({ b: 1, name: "n", a: 2 }) as object)).toEqual([
    "name",
    "a",
    "b",
  ]);
});

test("an injector sees ports and probes with their defaults", () => {
  const seen = withDefaults(
    pod(
      {},
      {
        initContainers: [{ name: "init" }],
        containers: [
          {
            name: "app",
            ports: [{ containerPort: 1 }, { containerPort: 2, protocol: "UDP" }],
            livenessProbe: { httpGet: { port: 1 } },
            readinessProbe: { tcpSocket: { port: 1 }, timeoutSeconds: 2 },
            startupProbe: { grpc: { port: 1 } },
            lifecycle: { preStop: { httpGet: { port: 1, path: "/stop" } } },
          },
        ],
      },
    ),
  );
  expect(seen["spec"]).toEqual({
    initContainers: [{ name: "init" }],
    containers: [
      {
        name: "app",
        ports: [
          { containerPort: 1, protocol: "TCP" },
          { containerPort: 2, protocol: "UDP" },
        ],
        livenessProbe: { httpGet: { port: 1, path: "/", scheme: "HTTP" }, timeoutSeconds: 1 },
        readinessProbe: { tcpSocket: { port: 1 }, timeoutSeconds: 2 },
        startupProbe: { grpc: { port: 1, service: "" }, timeoutSeconds: 1 },
        lifecycle: { preStop: { httpGet: { port: 1, path: "/stop", scheme: "HTTP" } } },
      },
    ],
  });
});
