import { describe, expect, test } from "vitest";
import type { FindingsOf } from "../../../../cli/html/pictures/apps.ts";
import type { Graph } from "../../../../cli/html/drawing/graph.ts";
import { MAX_BOXES, picturesOf } from "../../../../cli/html/pictures/pictures.ts";
import { CLUSTER, allow, app, meshOf, namespace, strict } from "../shop.ts";

const none: FindingsOf = () => ({ stops: 0, advises: 0 });
const shop = namespace("shop", { "istio.io/rev": "asm-1-30" });
const deny = allow("shop/deny", undefined);
const mayCall = (path: string, account: string) =>
  allow(
    path,
    [{ from: [{ source: { principals: [`cluster.local/ns/${account}`] } }] }],
    path.split("/").at(-1),
  );

const arrowsOf = ({ arrows }: Graph) => arrows.map(({ from, to, look }) => `${from} ${look} ${to}`);
const linesOf = ({ boxes }: Graph, id: string) =>
  boxes.find((box) => box.id === id)?.lines.map(({ text }) => text);

const small = meshOf(
  ...[CLUSTER, shop, strict, deny, ...app("shop/web"), ...app("shop/api")],
  mayCall("shop/api", "shop/sa/web"),
);

describe("a small mesh", () => {
  const { main, namespaces } = picturesOf(small, none);
  test("is one picture, with the gateways and an arrow for each call", () => {
    expect(namespaces).toEqual([]);
    expect(main.frames.map(({ id }) => id)).toEqual(["cluster", "namespace shop"]);
    expect(main.boxes.map(({ id, look }) => `${look}: ${id}`)).toEqual([
      "gateway: Deployment aks-istio-ingress/aks-istio-ingressgateway-external",
      "member: Deployment shop/web",
      "member: Deployment shop/api",
    ]);
    expect(arrowsOf(main)).toEqual(["Deployment shop/web may Deployment shop/api"]);
  });
  test("says in words who may call a service, unless arrows do", () => {
    expect(linesOf(main, "Deployment shop/web")).toEqual([
      ...["web", "port 80 http", "no workload may call it"],
    ]);
    expect(linesOf(main, "Deployment shop/api")).toEqual(["api", "port 80 http"]);
  });
  test("has the findings in the box of what they are about", () => {
    const web = small.namespaces[0]?.workloads[0]?.urn;
    const found = picturesOf(small, (urn) => (urn === web ? { stops: 1, advises: 2 } : none(urn)));
    expect(linesOf(found.main, "Deployment shop/web")?.slice(-2)).toEqual([
      ...["✕ 1 mandatory", "! 2 advisory"],
    ]);
  });
});

test("a namespace without workloads looks like a frame, not like a workload with a sidecar", () => {
  const { main } = picturesOf(meshOf(CLUSTER, shop, strict, namespace("tools", {})), none);
  expect(main.frames.map(({ id }) => id)).toEqual(["cluster"]);
  expect(main.boxes.slice(1).map(({ id, look }) => `${look}: ${id}`)).toEqual([
    ...["namespace: namespace shop", "outside: namespace tools"],
  ]);
  expect(linesOf(main, "namespace shop")).toEqual([
    ...["shop", "istio.io/rev=asm-1-30 · in the mesh · mTLS STRICT", "no workload of the plan"],
  ]);
});

/** Namespaces with five workloads each. */
function teams(count: number) {
  return Array.from({ length: count }, (_, i) => `team-${i + 1}`).flatMap((team) => [
    namespace(team, { "istio.io/rev": "asm-1-30" }),
    allow(`${team}/deny`, undefined),
    ...Array.from({ length: 5 }, (_, i) => app(`${team}/app-${i + 1}`)).flat(),
  ]);
}

test(`a mesh of ${MAX_BOXES} boxes is one picture, and a larger one has an overview and one of each namespace`, () => {
  const cluster = {
    ...CLUSTER,
    inputs: { serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-30"] } } },
  };
  const at = picturesOf(meshOf(cluster, strict, ...teams(6)), none);
  expect([at.main.boxes.length, at.namespaces.length]).toEqual([MAX_BOXES, 0]);
  const across = mayCall("team-2/app-1", "team-1/sa/app-1");
  const over = picturesOf(meshOf(cluster, strict, ...teams(7), across), none);
  expect(over.namespaces.map(({ name }) => name)).toEqual(
    Array.from({ length: 7 }, (_, i) => `team-${i + 1}`),
  );
  expect(arrowsOf(over.main)).toEqual(["namespace team-1 may namespace team-2"]);
  expect(linesOf(over.main, "namespace team-1")).toEqual([
    ...["team-1", "asm-1-30 · mTLS STRICT", "5 workloads, 5 with a sidecar"],
  ]);
  const [first, second] = over.namespaces.map(({ graph }) => arrowsOf(graph));
  expect(first).toEqual(["Deployment team-1/app-1 may to team-2"]);
  expect(second).toEqual(["from team-1 may Deployment team-2/app-1"]);
});
