import * as containerservice from "@pulumi/azure-native/containerservice";
import * as resources from "@pulumi/azure-native/resources";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Resource } from "../harness/cluster.ts";
import { allClaims } from "./all.ts";

const state = new pulumi.Config().require<"broken" | "mended">("state");

const group = new resources.ResourceGroup("claims");

/** A cluster with the add-on, and its provider. */
function cluster(name: string): k8s.Provider {
  const made = new containerservice.ManagedCluster(name, {
    resourceGroupName: group.name,
    kubernetesVersion: "1.35",
    dnsPrefix: name,
    identity: { type: "SystemAssigned" },
    agentPoolProfiles: [{ name: "system", mode: "System", count: 3, vmSize: "Standard_D4s_v5" }],
    serviceMeshProfile: {
      mode: "Istio",
      istio: {
        revisions: ["asm-1-29", "asm-1-30"],
        components: { ingressGateways: [{ mode: "Internal", enabled: true }] },
      },
    },
  });
  const credentials = containerservice.listManagedClusterUserCredentialsOutput({
    resourceGroupName: group.name,
    resourceName: made.name,
  });
  // The kubeconfig contains the cluster, so a first preview knows which cluster the provider connects to.
  const kubeconfig = pulumi
    .all([made.id, credentials.kubeconfigs])
    .apply(([, [first]]) => Buffer.from(first?.value ?? "", "base64").toString());
  return new k8s.Provider(name, { kubeconfig });
}

/** Any object, under the type of the SDK's own class. */
class KubernetesObject extends pulumi.CustomResource {
  constructor(name: string, object: Resource, provider: k8s.Provider) {
    const group = object.apiVersion.includes("/") ? object.apiVersion : `core/${object.apiVersion}`;
    super(`kubernetes:${group}:${object.kind}`, name, object, { provider });
  }
}

const shared = cluster("shared");
for (const claim of allClaims) {
  const provider = claim.aboutMesh === true ? cluster(claim.name) : shared;
  for (const object of claim[state]) {
    new KubernetesObject(`${claim.name}.${object.kind}.${object.metadata.name}`, object, provider);
  }
}
