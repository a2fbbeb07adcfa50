import fc from "fast-check";
import { expect, test } from "vitest";
import { migrateOsm } from "../../../migrate/osm/migrateOsm.ts";
import { manifestsOf, meshes, requests } from "./meshes.ts";
import { istioAllows, openPorts, osmAllows } from "./verdicts.ts";

test("the policies never allow more than OSM, and the same if the report says that all is translated", () => {
  const seen = { same: 0, less: 0, allowed: 0 };
  fc.assert(
    fc.property(meshes, fc.array(requests, { minLength: 20, maxLength: 20 }), (mesh, asked) => {
      const { objects, entries } = migrateOsm(manifestsOf(mesh), {
        revision: "asm-1-30",
        out: "out",
      });
      const fateOf = (index: number) =>
        entries.find(({ subject }) => subject === `TrafficTarget shop/target-${index}`)?.fate;
      for (const request of asked) {
        const server = mesh.servers[request.to];
        if (server === undefined) continue;
        const isSame = mesh.targets.every(
          ({ to }, index) =>
            to !== server.account || ["translated", "unneeded"].includes(fateOf(index) ?? ""),
        );
        // Istio opens a port with one protocol.
        const ports = openPorts(mesh, server).filter(({ number }) => number === request.port);
        const protocol = ports.some((one) => one.protocol === "http") ? "http" : "tcp";
        const before = osmAllows(mesh, request, protocol);
        const after = istioAllows(objects, server, request, protocol);
        if (isSame && ports.length > 0) {
          seen.same++;
          if (before) seen.allowed++;
          expect([mesh, request, after]).toEqual([mesh, request, before]);
        } else if (after && !mesh.isPermissive) {
          seen.less++;
          expect([mesh, request, before]).toEqual([mesh, request, true]);
        }
      }
    }),
    { numRuns: 600 },
  );
  // The meshes are not all trivial.
  expect(seen.same).toBeGreaterThan(1_000);
  expect(seen.less).toBeGreaterThan(50);
  expect(seen.allowed).toBeGreaterThan(200);
});
