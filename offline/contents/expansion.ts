import type { NotRendered } from "../../manifests/tools/rendered.ts";
import type { Registry } from "../engine/registry.ts";
import { messageOf } from "../errors.ts";
import type { PlannedResource } from "../plan/plan.ts";
import { providerUrn } from "../plan/urn.ts";
import type { Urn } from "../plan/urn.ts";
import { isUnknown, openSecrets, resourceReference } from "../plan/values.ts";
import { childGoal } from "./childGoal.ts";
import { childrenOf } from "./children.ts";
import type { Child } from "./children.ts";
import { textOf } from "./contents.ts";
import type { Reader } from "./contents.ts";
import { chartContents, releaseContents } from "./helm.ts";
import { directoryContents } from "./kustomize.ts";
import { configFileContents, configGroupContents } from "./yamlFiles.ts";

/** Components of the Kubernetes provider, which creates a resource for each object. */
const COMPONENTS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ["kubernetes:yaml/v2:ConfigFile", configFileContents],
  ["kubernetes:yaml/v2:ConfigGroup", configGroupContents],
  ["kubernetes:kustomize/v2:Directory", directoryContents],
  ["kubernetes:helm.sh/v4:Chart", chartContents],
]);

const RELEASE = "kubernetes:helm.sh/v3:Release";

export interface ExpansionOptions {
  /** Where the program runs, and relative paths start. */
  readonly programDirectory: string;
  /** The namespace that the stack configures for the default Kubernetes provider. */
  readonly kubernetesNamespace: string | undefined;
}

/**
 * Adds what the Kubernetes provider and Helm create for a resource: the resources of a component, and the objects of a
 * release.
 */
export class Expansion {
  /** Resources whose contents are not known, with the reason if it is a particular one. */
  readonly unseen = new Map<Urn, NotRendered | undefined>();
  readonly #registry: Registry;
  readonly #options: ExpansionOptions;

  constructor(registry: Registry, options: ExpansionOptions) {
    this.#registry = registry;
    this.#options = options;
  }

  /** Registers the resources of a component that a provider implements. */
  async construct(component: PlannedResource): Promise<void> {
    const read = COMPONENTS.get(component.type);
    if (read === undefined) {
      this.unseen.set(component.urn, undefined);
      return;
    }
    const children = await this.#children(component, read);
    if (children === undefined) return;
    const urns = new Map<Child, Urn>();
    for (const child of children) {
      const goal = childGoal(child, component, urns);
      urns.set(child, (await this.#registry.registerChild(goal, component)).urn);
    }
    const resources = [...urns.values()].map(resourceReference);
    component.outputs = { ...component.outputs, resources };
  }

  /** Adds the objects of a release. */
  async addContents(resource: PlannedResource): Promise<void> {
    if (resource.type !== RELEASE) return;
    const urns = new Map<Child, Urn>();
    for (const child of (await this.#children(resource, releaseContents)) ?? []) {
      const goal = childGoal(child, resource, urns);
      urns.set(child, (await this.#registry.addContent(goal, resource)).urn);
    }
  }

  /** What to create for a resource, in order of dependency; undefined if it is not known. */
  async #children(resource: PlannedResource, read: Reader): Promise<readonly Child[] | undefined> {
    const { type, name, urn } = resource;
    const inputs = openSecrets(resource.inputs);
    const namespace = this.#defaultNamespace(resource.provider);
    if (isUnknown(namespace)) {
      this.unseen.set(urn, {
        reason: "The namespace of its provider is known only after deployment.",
      });
      return undefined;
    }
    try {
      const directory = this.#options.programDirectory;
      const contents = await read(inputs, { directory, namespace }, name);
      if (!("objects" in contents)) {
        this.unseen.set(urn, contents);
        return undefined;
      }
      const { resourcePrefix, skipAwait } = inputs;
      return childrenOf(contents.objects, {
        prefix: typeof resourcePrefix === "string" ? resourcePrefix : name,
        namespace: textOf(inputs["namespace"]) ?? namespace,
        skipAwait: skipAwait === true && type !== RELEASE,
        ofChart: type.startsWith("kubernetes:helm.sh/"),
      });
    } catch (error) {
      this.#registry.refuse(`${type} ${name}: ${messageOf(error)}`);
    }
  }

  /** The namespace of objects that name none, as their provider is configured. */
  #defaultNamespace(reference: string): string {
    const provider = this.#registry.resources.get(providerUrn(reference));
    const configured =
      provider === undefined
        ? this.#options.kubernetesNamespace
        : openSecrets(provider.inputs)["namespace"];
    return textOf(configured) ?? "default";
  }
}
