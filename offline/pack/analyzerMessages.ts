import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Config } from "../project/config.ts";
import type { PlannedResource } from "../plan/plan.ts";
import type { AnalyzedProvider } from "./providers.ts";
import type { StackIdentity } from "../plan/urn.ts";
import { lowerResources } from "../plan/values.ts";
import type { Properties } from "../plan/values.ts";

/** A resource as a pack sees it: with inputs at registration, and with outputs in the whole stack. */
export interface AnalyzedResource {
  readonly resource: PlannedResource;
  readonly properties: Properties;
  readonly provider: AnalyzedProvider | undefined;
}

export function stackMessage({
  identity,
  config,
}: {
  readonly identity: StackIdentity;
  readonly config: Config;
}): proto.AnalyzerStackConfigureRequest {
  const message = new proto.AnalyzerStackConfigureRequest();
  message.setOrganization(identity.organization);
  message.setProject(identity.project);
  message.setStack(identity.stack);
  message.setDryRun(true);
  for (const [key, { value, secret }] of config) {
    message.getConfigMap().set(key, value);
    if (secret) message.addConfigSecretKeys(key);
  }
  return message;
}

export function analyzeMessage({
  resource,
  properties,
  provider,
}: AnalyzedResource): proto.AnalyzeRequest {
  const message = new proto.AnalyzeRequest();
  message.setType(resource.type);
  message.setProperties(structOf(properties));
  message.setUrn(resource.urn);
  message.setName(resource.name);
  message.setOptions(optionsMessage(resource));
  message.setProvider(providerMessage(provider));
  return message;
}

export function stackResourceMessage({
  resource,
  properties,
  provider,
}: AnalyzedResource): proto.AnalyzerResource {
  const message = new proto.AnalyzerResource();
  message.setType(resource.type);
  message.setProperties(structOf(properties));
  message.setUrn(resource.urn);
  message.setName(resource.name);
  message.setOptions(optionsMessage(resource));
  message.setProvider(providerMessage(provider));
  message.setParent(resource.parent);
  message.setDependenciesList([...resource.dependencies]);
  for (const [key, urns] of Object.entries(resource.propertyDependencies)) {
    const dependencies = new proto.AnalyzerPropertyDependencies();
    dependencies.setUrnsList([...urns]);
    message.getPropertydependenciesMap().set(key, dependencies);
  }
  return message;
}

function providerMessage(provider: AnalyzedProvider | undefined) {
  if (provider === undefined) return undefined;
  const message = new proto.AnalyzerProviderResource();
  message.setType(provider.type);
  message.setUrn(provider.urn);
  message.setName(provider.name);
  message.setProperties(structOf(provider.properties));
  return message;
}

/** Packs do not support resource references; like the engine, this passes their IDs. */
function structOf(properties: Properties): Struct {
  return Struct.fromJavaScript(lowerResources(properties));
}

function optionsMessage({ options, parent }: PlannedResource): proto.AnalyzerResourceOptions {
  const message = new proto.AnalyzerResourceOptions();
  message.setProtect(options.protect);
  message.setIgnorechangesList([...options.ignoreChanges]);
  message.setAdditionalsecretoutputsList([...options.additionalSecretOutputs]);
  message.setAliasesList([...options.aliases]);
  message.setParent(parent);
  if (options.deleteBeforeReplace !== undefined) {
    message.setDeletebeforereplacedefined(true);
    message.setDeletebeforereplace(options.deleteBeforeReplace);
  }
  if (options.customTimeouts !== undefined) {
    const timeouts = new proto.AnalyzerResourceOptions.CustomTimeouts();
    timeouts.setCreate(options.customTimeouts.create ?? 0);
    timeouts.setUpdate(options.customTimeouts.update ?? 0);
    timeouts.setDelete(options.customTimeouts.delete ?? 0);
    message.setCustomtimeouts(timeouts);
  }
  return message;
}
