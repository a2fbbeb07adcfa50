import { textAt } from "../../operate/cluster/clusterObject.ts";
import { serviceNamed } from "./hosts.ts";
import { principalOf } from "./istioObjects.ts";
import type { OsmMesh } from "./osmMesh.ts";
import { subdomain } from "./scalars.ts";
import { selectsPods } from "./services.ts";

/** Who may call the backends of an IngressBackend. */
export interface IngressSources {
  /** The identities of the pods of its Services. */
  readonly controllers: readonly string[];
  /** The identities that its certificates name. */
  readonly authenticated: readonly string[];
  /** Address ranges. */
  readonly blocks: readonly string[];
  /** Why the sources cannot be said, as a sentence. */
  readonly problem: string | undefined;
}

/** A certificate of OSM names a service account: `web.shop.cluster.local`. */
const CERTIFICATE = /^([a-z0-9-]+)\.([a-z0-9-]+)\.cluster\.local$/;

export function ingressSources(mesh: OsmMesh, sources: readonly unknown[]): IngressSources {
  const controllers: string[] = [];
  const authenticated: string[] = [];
  const blocks: string[] = [];
  const problems: string[] = [];
  for (const source of sources) {
    const [kind, name = "", namespace = ""] = ["kind", "name", "namespace"].map((field) =>
      textAt(source, field),
    );
    if (kind === "IPRange") blocks.push(name);
    else if (kind === "AuthenticatedPrincipal") {
      const [, account, of] = CERTIFICATE.exec(name) ?? [];
      if (account === undefined || of === undefined) {
        problems.push(
          `The AuthenticatedPrincipal ${name} is not the certificate of a service account of this mesh.`,
        );
      } else authenticated.push(principalOf({ namespace: of, name: account }));
    } else if (kind === "Service") {
      const service = serviceNamed(mesh, namespace, name);
      const accounts = mesh.workloads
        .filter(
          (one) =>
            one.namespace === namespace &&
            service !== undefined &&
            selectsPods(service, one.labels),
        )
        .filter(({ serviceAccount }) => subdomain.safeParse(serviceAccount).success)
        .map(({ serviceAccount }) => principalOf({ namespace, name: serviceAccount }));
      if (accounts.length === 0) {
        problems.push(
          `The manifests lack the Service ${namespace}/${name}, or the workload behind it, so its service account is not known.`,
        );
      }
      controllers.push(...accounts);
    } else problems.push(`The kind ${JSON.stringify(kind ?? "")} of a source is not known.`);
  }
  return {
    controllers: [...new Set(controllers)],
    authenticated: [...new Set(authenticated)],
    blocks: [...new Set(blocks)],
    problem: problems.length === 0 ? undefined : problems.join(" "),
  };
}
