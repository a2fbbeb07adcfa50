import type { Callback } from "@pulumi/pulumi/proto/callback_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { IResourceMonitorServer } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Message } from "google-protobuf";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Expansion } from "../contents/expansion.ts";
import type { ExpansionOptions } from "../contents/expansion.ts";
import { inputsOf } from "./goal.ts";
import { unary } from "../grpc.ts";
import { Invokes } from "./invokes.ts";
import { Registry } from "./registry.ts";
import type { RegistryOptions } from "./registry.ts";
import { Transforms } from "./transforms.ts";

const { ResourceMonitorFeature } = proto;

/** Features of the monitor, by the name that older SDKs use and the number that newer ones use. */
const FEATURES: ReadonlyMap<string, proto.ResourceMonitorFeature> = new Map([
  ["secrets", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS],
  ["resourceReferences", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES],
  ["outputValues", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES],
  ["aliasSpecs", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS],
  ["deletedWith", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH],
  ["replaceWith", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_REPLACE_WITH],
  ["transforms", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_TRANSFORMS],
  ["invokeTransforms", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_INVOKE_TRANSFORMS],
  ["parameterization", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION],
  ["resourceHooks", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_HOOKS],
  ["errorHooks", ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ERROR_HOOKS],
]);

/** Not yet in the installed SDK. A first deployment has no state to migrate. */
const STATE_MIGRATIONS = { field: 8, feature: 16 };

export type MonitorOptions = RegistryOptions & ExpansionOptions;

/**
 * The engine's resource monitor, as a program sees it in the preview of a first deployment: inputs are returned as
 * outputs, and everything else is unknown.
 */
export class Monitor {
  readonly service = ResourceMonitorService;
  readonly registry: Registry;
  readonly expansion: Expansion;
  readonly invokes: Invokes;
  readonly #options: MonitorOptions;
  readonly #transforms = new Transforms();
  #packages = 0;

  constructor(options: MonitorOptions) {
    this.#options = options;
    this.registry = new Registry(options, this.#transforms);
    this.expansion = new Expansion(this.registry, options);
    this.invokes = new Invokes(this.registry, options, this.#transforms);
  }

  get implementation(): IResourceMonitorServer {
    const empty = () => new Empty();
    return {
      getDeploymentInfo: unary(() => this.#deploymentInfo()),
      supportsFeature: unary((request: proto.SupportsFeatureRequest) => {
        const response = new proto.SupportsFeatureResponse();
        response.setHassupport(FEATURES.has(request.getId()));
        return response;
      }),
      registerResource: unary(async (request: proto.RegisterResourceRequest) => {
        const resource = await this.registry.register(request);
        if (request.getRemote()) await this.expansion.construct(resource);
        else await this.expansion.addContents(resource);
        const response = new proto.RegisterResourceResponse();
        response.setUrn(resource.urn);
        response.setId(resource.id ?? "");
        response.setObject(Struct.fromJavaScript(resource.outputs));
        return response;
      }),
      registerResourceOutputs: unary((request: proto.RegisterResourceOutputsRequest) => {
        const resource = this.registry.resources.get(request.getUrn());
        if (resource !== undefined) {
          resource.outputs = inputsOf(request.getOutputs() ?? new Struct());
        }
        return new Empty();
      }),
      readResource: unary((request: proto.ReadResourceRequest) => this.registry.read(request)),
      invoke: unary((request: proto.ResourceInvokeRequest) => this.invokes.invoke(request)),
      call: unary((request: proto.ResourceCallRequest) => this.invokes.call(request)),
      registerStackTransform: unary((callback: Callback) => {
        this.#transforms.addToStack(callback);
        return new Empty();
      }),
      registerStackInvokeTransform: unary((callback: Callback) => {
        this.#transforms.addToInvokes(callback);
        return new Empty();
      }),
      // Hooks run around operations of a deployment; a preview has none.
      registerResourceHook: unary(empty),
      registerErrorHook: unary(empty),
      registerPackage: unary((request: proto.RegisterPackageRequest) => {
        const response = new proto.RegisterPackageResponse();
        response.setRef(`${request.getName()}-${++this.#packages}`);
        return response;
      }),
      signalAndWaitForShutdown: unary(empty),
    };
  }

  close(): void {
    this.#transforms.close();
  }

  #deploymentInfo(): proto.DeploymentInfo {
    const { organization, project, stack } = this.#options.identity;
    const info = new proto.DeploymentInfo();
    info.setOrganization(organization);
    info.setProject(project);
    info.setStack(stack);
    info.setDryrun(true);
    info.setSupportedfeaturesList([...FEATURES.values()]);
    Message.addToRepeatedField(info, STATE_MIGRATIONS.field, STATE_MIGRATIONS.feature);
    return info;
  }
}
