import type { IngressCertificate } from "./ingressCertificates.ts";
import type { MeshNamespace } from "../mesh/MeshNamespace.ts";

/**
 * The backend and certificate of a host. If its namespace denies requests by default, the gateway's requests are
 * allowed.
 */
export interface IngressHost {
  /** Name of a Service. */
  readonly service: string;
  /** Namespace of that Service; routes for the host can only come from there. */
  readonly namespace: MeshNamespace;
  /** Plain HTTP port of the Service: the gateway terminates TLS, and the mesh applies mutual TLS. */
  readonly port: number;
  readonly certificate: IngressCertificate;
}

/** Hosts by name, such as `shop.example.com`. */
export type IngressHosts = Readonly<Record<string, IngressHost>>;
