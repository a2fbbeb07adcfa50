import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { REVISION_LABEL } from "../../mesh/names.ts";
import { readManifestText } from "../../manifests/manifestText.ts";
import { migrateOsm } from "../../migrate/osm/migrateOsm.ts";
import { deleteAll } from "./harness/cleanUp.ts";
import type { Resource } from "./harness/cluster.ts";
import { isIstio } from "./harness/gitops.ts";
import { cluster, onLoopback, startRevision } from "./harness/real.ts";
import type { Revision } from "./harness/revision.ts";

const REVISION = "asm-1-30";
const CASES = join(__dirname, "../migrate/osm/cases");
/** Any namespace will do for a validation. */
const NAMESPACE = "mesh-test-osm";

const names = readdirSync(CASES).filter((name) => /^[^.]+\.yaml$/.test(name));

describe.skipIf(!onLoopback)(
  "what comes from Open Service Mesh (asks an istiod on loopback)",
  () => {
    const namespace: Resource = {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: NAMESPACE },
    };
    let revision: Revision;

    beforeAll(async () => {
      revision = await startRevision(REVISION);
      await cluster.apply(namespace);
    });

    afterAll(async () => {
      await deleteAll(cluster, [namespace]);
      await revision.remove();
    });

    test.each(names)("istiod accepts every new object of %s", async (name) => {
      const text = readFileSync(join(CASES, name), "utf8");
      const { manifests } = readManifestText(text, name);
      const { objects } = migrateOsm(manifests, { revision: REVISION, out: "out" });
      const istio = (objects as readonly Resource[]).filter(isIstio);
      expect(istio.length).toBeGreaterThan(0);
      for (const { metadata, ...object } of istio) {
        // The revision's validating webhook is called for objects with its label.
        const labels = { [REVISION_LABEL]: REVISION };
        const placed = { ...metadata, namespace: NAMESPACE, labels };
        await cluster.apply({ ...object, metadata: placed }, { dryRun: true });
      }
    });
  },
);
