import { z } from "zod";
import type { GatewayAnnotations } from "../../../mesh/gatewayAnnotations.ts";
import { GATEWAY_REPLICAS } from "../../../mesh/ingressGateways.ts";
import { wholeNumber } from "../../core/numbers.ts";
import { TLS_KEY, certificates, privateKey } from "../../core/pem.ts";
import { keys, quoted, text } from "../../core/scalars.ts";
import { alternatives, variants } from "../../core/unions.ts";

const SERVICE_RULE = "must be the name of a Service, such as frontend";
const OBJECT_RULE =
  "must be the name of a certificate in Key Vault: letters, digits and hyphens, such as shop-example-com";

const Host = alternatives(
  keys({
    namespace: text("must be one of the stack's namespaces")
      .meta({ examples: ["shop"] })
      .describe("The namespace of the Service."),
    service: text(SERVICE_RULE)
      .regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, { error: SERVICE_RULE })
      .meta({ examples: ["frontend"] })
      .describe("The name of the Service that answers requests for the host."),
    port: wholeNumber("the port of the Service", 1, 65535)
      .meta({ examples: [9898] })
      .describe("The port of the Service."),
    certificate: text(OBJECT_RULE)
      .regex(/^[0-9a-zA-Z-]{1,127}$/, { error: OBJECT_RULE })
      .optional()
      .meta({ examples: ["shop-example-com"] })
      .describe(
        "The name of the host's certificate in the Key Vault of keyVaultId. Each host requires either certificate, or tlsCertificate and tlsKey.",
      ),
    tlsCertificate: certificates("a certificate chain")
      .optional()
      .describe("The certificate chain of the host in PEM form, together with tlsKey."),
    tlsKey: privateKey("a private key", TLS_KEY)
      .optional()
      .describe("The private key of tlsCertificate in PEM form, as a secret."),
  }),
  [["certificate"], ["tlsCertificate", "tlsKey"]],
  {
    none: "must have a certificate: the name of one in Key Vault as certificate, or its PEM as tlsCertificate and tlsKey",
    several: () =>
      "must have either certificate, from Key Vault, or tlsCertificate and tlsKey, but has both",
  },
)
  .describe("A host that the gateway serves.")
  .transform(({ certificate, tlsCertificate, tlsKey, ...answering }) => ({
    ...answering,
    certificate:
      certificate === undefined
        ? { certificate: tlsCertificate, key: tlsKey }
        : { keyVaultObject: certificate },
  }));

const replicas = (which: string) =>
  wholeNumber(`the ${which} number of replicas`, GATEWAY_REPLICAS.minimum, 1000);
export const Minimum = replicas("minimum")
  .meta({ examples: [3] })
  .describe("The minimum number of replicas.");
export const Maximum = replicas("maximum")
  .meta({ examples: [10] })
  .describe("The maximum number of replicas.");

const gateway = {
  api: z
    .enum(["istio", "gateway-api"])
    .default("istio")
    .describe(
      "Whether the gateway is the add-on's, with routes of Istio's API, or one that Istio creates from the Kubernetes Gateway API.",
    ),
  namespace: text("must be one of the stack's namespaces")
    .optional()
    .meta({ examples: ["ingress"] })
    .describe(
      "The namespace in which the gateway runs. Required with api gateway-api; it does not apply with istio.",
    ),
  hosts: z
    .record(z.string().meta({ examples: ["shop.example.com"] }), Host)
    .default({})
    .describe(
      "The hosts that the gateway serves, by name. Without hosts, the program creates no routes for the gateway. api gateway-api requires 1 to 63.",
    ),
  /** `checkAnnotations` checks which ones AKS keeps, and their values. */
  annotations: z
    .record(
      z.string(),
      z
        .string({ error: quoted("must be the value of an annotation") })
        .describe("The value of the annotation."),
    )
    .default({})
    .transform((given): GatewayAnnotations => given)
    .meta({
      examples: [{ "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": "ingress" }],
    })
    .describe("Annotations of the gateway's Service, by name: those that AKS keeps."),
  externalTrafficPolicy: z
    .enum(["Cluster", "Local"])
    .optional()
    .describe(
      "Whether the load balancer sends traffic to all nodes, or only to those that run the gateway, which keeps the clients' source addresses. Without it, AKS decides. It does not apply with api gateway-api.",
    ),
  replicas: keys({ minimum: Minimum, maximum: Maximum })
    .optional()
    .describe(
      "The bounds between which the gateway scales. Without it, the add-on's bounds apply.",
    ),
};

const API = {
  istio: {
    namespace: {
      excluded: "does not apply with api: istio: AKS decides where the gateway runs; remove it",
    },
  },
  "gateway-api": {
    namespace: { required: "must be the namespace of the stack in which the gateway runs" },
    externalTrafficPolicy: {
      excluded:
        "does not apply with api: gateway-api: the load balancer's probes do not support it; remove it",
    },
  },
} as const;

/** The key `aks-istio:gateways.ingress`. A stack has only the gateways that it names. */
export const Ingress = keys({
  Internal: variants(keys(gateway), "api", API)
    .optional()
    .describe("A gateway for clients in the virtual network. {} is enough."),
  External: variants(
    keys({
      ...gateway,
      staticIP: z
        .boolean()
        .default(false)
        .describe(
          "Whether the gateway has a public IP address that is kept if the gateway is deleted.",
        ),
    }),
    "api",
    API,
  )
    .optional()
    .describe("A gateway for clients on the internet. {} is enough."),
});
