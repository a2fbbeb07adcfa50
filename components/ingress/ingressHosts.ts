import type { IngressCertificate } from "./ingressCertificates.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";

/** What answers for a host. Where its namespace refuses requests by default, the gateway's requests for it are allowed. */
export interface IngressHost {
  /** Name of a Service. */
  readonly service: string;
  /** Where that Service is; from no other namespace can routes for the host come. */
  readonly namespace: MeshNamespace;
  /** The Service's port for plain HTTP: the gateway ends TLS, and the mesh begins its own. */
  readonly port: number;
  readonly certificate: IngressCertificate;
}

/** Hosts by name, such as `shop.example.com`. */
export type IngressHosts = Readonly<Record<string, IngressHost>>;
