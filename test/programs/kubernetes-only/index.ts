import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
const infra = new pulumi.StackReference("acme/cluster/prod");
const provider = new k8s.Provider("aks", { kubeconfig: infra.requireOutput("kubeconfig") });
const ns = new k8s.core.v1.Namespace(
  "shop",
  { metadata: { name: "shop", labels: { "istio-injection": "enabled" } } },
  { provider },
);
new k8s.core.v1.Namespace(
  "bill",
  { metadata: { name: "bill", labels: { "istio.io/rev": "asm-1-2" } } },
  { provider },
);
new k8s.apps.v1.Deployment(
  "web",
  {
    metadata: { namespace: "bill" },
    spec: {
      selector: { matchLabels: { a: "b" } },
      template: {
        metadata: { labels: { a: "b" }, annotations: { "sidecar.istio.io/inject": "false" } },
        spec: { hostNetwork: true, containers: [{ name: "c", image: "nginx" }] },
      },
    },
  },
  { provider },
);
