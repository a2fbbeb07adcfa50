import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { isOfKind } from "../../../rehearsal/azure/kinds.ts";
import { writeKubelogin } from "../../../rehearsal/kubelogin.ts";
import { revisionsIn } from "../../deploy/harness/aks.ts";
import { newStack } from "../../deploy/harness/stack.ts";
import type { Stack } from "../../deploy/harness/stack.ts";
import { credentialsIn } from "../../real/harness/kubeconfig.ts";
import type { Mesh } from "./mesh.ts";

/**
 * A stack of this program: its Azure resources go to stand-ins, and its Kubernetes objects to the node's API server.
 * The mesh changes before Azure responds to a request that changes its revisions, as on AKS.
 */
export async function stackOnNode(
  stackFile: string,
  mesh: Mesh,
  onEnd: (end: () => void) => void,
): Promise<Stack> {
  const { kubernetes, scratch } = inject("tools");
  const { server, certificateAuthority, token } = credentialsIn(inject("node").kubeconfig);
  const kubelogin = mkdtempSync(join(scratch, "kubelogin-"));
  writeKubelogin(kubelogin, { token });
  return await newStack({ onTestFinished: onEnd }, stackFile, {
    target: {
      access: { server, "certificate-authority-data": certificateAuthority },
      path: [kubernetes, kubelogin],
    },
    onDone: async ({ subject, error }, { cloud }) => {
      if (error !== undefined) return;
      if (!isOfKind(subject.type, "containerservice:ManagedCluster")) return;
      await mesh.follow(revisionsIn(cloud));
    },
  });
}
