import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Assumptions } from "./assumptions.ts";
import { sortUrns, goalOf, inheritOptions, inputsOf, plannedOptions } from "./goal.ts";
import type { Goal } from "./goal.ts";
import type { PlannedResource } from "../plan/plan.ts";
import { sourcePositionOf } from "./sourcePosition.ts";
import type { Transforms } from "./transforms.ts";
import { STACK_REFERENCE_TYPE, STACK_TYPE, isProviderType, packageOf, urnOf } from "../plan/urn.ts";
import type { StackIdentity, Urn } from "../plan/urn.ts";
import { UNKNOWN, markSecret } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";

export interface RegistryOptions {
  readonly identity: StackIdentity;
  /** Absolute; source positions are relative to it. */
  readonly projectDirectory: string;
  readonly assumptions: Assumptions;
  /** Packages whose resources must name a provider; `*` is all of them. */
  readonly disabledDefaultProviders: readonly string[];
  /** Reviews each resource before it is registered, and returns its inputs, which a policy may have remediated. */
  readonly review: (resource: PlannedResource) => Promise<Properties>;
  /** Judges an object that the engine does not create, so no policy can remediate it. */
  readonly judge: (resource: PlannedResource) => Promise<void>;
}

/** The resources of a stack as its program registers them, under the engine's rules. */
export class Registry {
  readonly resources = new Map<Urn, PlannedResource>();
  /** Kubernetes objects that a resource's tool creates. They are judged, but are not resources of the stack. */
  readonly contents = new Map<Urn, PlannedResource>();
  /** Resources that are read, but have no assumed state. */
  readonly unread = new Set<Urn>();
  /** Requests that the engine would refuse. They fail the preview, even if the program catches the error. */
  readonly problems: string[] = [];

  readonly #options: RegistryOptions;
  readonly #transforms: Transforms;

  constructor(options: RegistryOptions, transforms: Transforms) {
    this.#options = options;
    this.#transforms = transforms;
  }

  /** Registers a resource that the program creates or imports. */
  register(request: proto.RegisterResourceRequest): Promise<PlannedResource> {
    const position = sourcePositionOf(request.getSourceposition(), this.#options.projectDirectory);
    return this.#register(goalOf(request), request.getTransformsList(), {
      propertyDependencies: propertyDependencies(request),
      ...(position === undefined ? {} : { sourcePosition: position }),
    });
  }

  /** Registers a resource that the provider of a component creates in it. */
  registerChild(goal: Goal, component: PlannedResource): Promise<PlannedResource> {
    return this.#register(goal, [], createdBy(component));
  }

  /** Adds an object that the tool behind a resource creates, from a file if that is known. */
  async addContent(
    goal: Goal,
    owner: PlannedResource,
    from: Pick<PlannedResource, "origin"> = {},
  ): Promise<PlannedResource> {
    const urn = urnOf(this.#options.identity, goal.type, goal.name, goal.parent);
    const resource = this.#planned(goal, urn, { op: "create", ...createdBy(owner), ...from });
    this.contents.set(urn, resource);
    await this.#options.judge(resource);
    return resource;
  }

  async #register(
    asked: Goal,
    own: readonly Callback[],
    more: Pick<PlannedResource, "propertyDependencies" | "sourcePosition">,
  ): Promise<PlannedResource> {
    const parent = this.resources.get(asked.parent);
    const goal = await this.#transforms.apply(asked, own);
    if (parent !== undefined) inheritOptions(goal.options, parent.options);

    const urn = urnOf(this.#options.identity, goal.type, goal.name, goal.parent);
    this.#transforms.addToResource(urn, own, goal.parent);
    const id = goal.options.getImport();
    const resource = this.#planned(goal, urn, {
      op: id === "" ? "create" : "import",
      ...(id === "" ? {} : { id }),
      ...more,
    });
    await this.#admit(resource);
    return resource;
  }

  #planned(
    goal: Goal,
    urn: Urn,
    more: Pick<PlannedResource, "op" | "id" | "propertyDependencies" | "sourcePosition" | "origin">,
  ): PlannedResource {
    const inputs = inputsOf(goal.properties);
    return {
      ...more,
      urn,
      type: goal.type,
      name: goal.name,
      custom: goal.custom,
      parent: goal.parent,
      provider: goal.options.getProvider(),
      inputs,
      outputs: goal.custom || goal.remote ? inputs : {},
      dependencies: sortUrns(goal.options.getDependsOnList()),
      options: plannedOptions(goal, this.#options.identity),
    };
  }

  async #admit(resource: PlannedResource): Promise<void> {
    const { urn, type, custom, provider } = resource;
    if (this.resources.has(urn)) {
      this.refuse(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    }
    if (custom && provider === "") this.requireDefaultProvider(type, urn);
    this.resources.set(urn, resource);

    const echoesInputs = resource.outputs === resource.inputs;
    resource.inputs = await this.#options.review(resource);
    if (echoesInputs) resource.outputs = withSecrets(resource);
  }

  /** @throws if the stack's configuration disables the default provider of the package */
  requireDefaultProvider(type: string, who: string): void {
    if (isProviderType(type) || type === STACK_TYPE || type === STACK_REFERENCE_TYPE) return;
    const name = packageOf(type);
    const { disabledDefaultProviders: disabled } = this.#options;
    if (disabled.includes(name) || disabled.includes("*")) {
      this.refuse(
        `Default provider for '${name}' disabled. '${who}' must use an explicit provider.`,
      );
    }
  }

  /** @throws what the engine or a provider would say */
  refuse(problem: string): never {
    this.problems.push(problem);
    throw new Error(problem);
  }

  /** Registers an existing resource that the program reads. */
  async read(request: proto.ReadResourceRequest): Promise<proto.ReadResourceResponse> {
    const type = request.getType();
    const id = request.getId();
    const inputs = inputsOf(request.getProperties() ?? new Struct());
    const urn = urnOf(this.#options.identity, type, request.getName(), request.getParent());
    const options = new proto.TransformResourceOptions();
    options.setDependsOnList(request.getDependenciesList());
    options.setProvider(request.getProvider());
    options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
    const seen = this.#seen(type, id);
    const goal = {
      type,
      name: request.getName(),
      custom: true,
      remote: false,
      parent: request.getParent(),
      properties: Struct.fromJavaScript({ ...inputs, ...(seen ?? unseen(type, id)) }),
      options,
    };
    const position = sourcePositionOf(request.getSourceposition(), this.#options.projectDirectory);
    const resource = this.#planned(goal, urn, {
      op: "read",
      id,
      propertyDependencies: {},
      ...(position === undefined ? {} : { sourcePosition: position }),
    });
    await this.#admit(resource);
    if (seen === undefined) this.unread.add(urn);

    const response = new proto.ReadResourceResponse();
    response.setUrn(urn);
    response.setProperties(Struct.fromJavaScript(resource.outputs));
    return response;
  }

  /** The assumed state of an existing resource. */
  #seen(type: string, id: string): Properties | undefined {
    if (type !== STACK_REFERENCE_TYPE) return this.#options.assumptions.read(type, id);
    const outputs = this.#options.assumptions.stackReference(id);
    return outputs === undefined ? undefined : { name: id, outputs, secretOutputNames: [] };
  }
}

/** SDKs fail if a stack reference has no outputs at all. */
function unseen(type: string, id: string): Properties {
  return type === STACK_REFERENCE_TYPE
    ? { name: id, outputs: UNKNOWN, secretOutputNames: UNKNOWN }
    : {};
}

/** Findings about an object point at the line of the resource that creates it. */
function createdBy({
  sourcePosition,
}: PlannedResource): Pick<PlannedResource, "propertyDependencies" | "sourcePosition"> {
  return {
    propertyDependencies: {},
    ...(sourcePosition === undefined ? {} : { sourcePosition }),
  };
}

function propertyDependencies(
  request: proto.RegisterResourceRequest,
): PlannedResource["propertyDependencies"] {
  return Object.fromEntries(
    [...request.getPropertydependenciesMap().entries()]
      .map(([key, dependencies]) => [key, sortUrns(dependencies.getUrnsList())] as const)
      .filter(([, urns]) => urns.length > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The inputs as outputs, with the program's additional secret outputs marked as secret. */
function withSecrets({ inputs, options }: PlannedResource): Properties {
  const marked = options.additionalSecretOutputs.flatMap((name) => {
    const value = inputs[name];
    return value === undefined ? [] : [[name, markSecret(value)] as const];
  });
  return marked.length === 0 ? inputs : { ...inputs, ...Object.fromEntries(marked) };
}
