import { readFileSync } from "node:fs";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { unary } from "../offline/grpc.ts";
import type { Properties } from "../offline/plan/values.ts";
import { changesBetween } from "./changes.ts";
import type { Change } from "./changes.ts";
import type { Faults, Operation } from "./faults.ts";
import { programSdk } from "./programSdk.ts";
import type { StandIn, State, Subject } from "./standIn.ts";

/** An operation that succeeded or failed. */
export interface Done {
  readonly operation: Operation;
  readonly subject: Subject;
  readonly id: string;
  readonly error?: string;
}

export interface ProviderOptions {
  /** Where the program resolves its packages. */
  readonly programDirectory: string;
  readonly faults: Faults;
  /** How long each operation takes, in milliseconds. @default 0 */
  readonly latencyMs?: number | undefined;
  /** The engine gets its response only after this function resolves. */
  readonly onDone?: ((done: Done) => void | Promise<void>) | undefined;
}

/** Speaks the provider protocol for a stand-in, so the engine treats it as the real provider. */
export function resourceProvider(
  standIn: StandIn,
  { programDirectory, faults, latencyMs = 0, onDone }: ProviderOptions,
): readonly [ServiceDefinition, UntypedServiceImplementation] {
  async function carryOut(
    operation: Operation,
    subject: Subject,
    id: string,
    act: () => State | undefined | Promise<State | undefined>,
  ): Promise<State | undefined> {
    try {
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
      faults.before(operation, subject);
      const state = await act();
      faults.after(operation, subject);
      await onDone?.({ operation, subject, id: state?.id ?? id });
      return state;
    } catch (error) {
      await onDone?.({
        operation,
        subject,
        id,
        error: error instanceof Error ? error.message : "",
      });
      throw error;
    }
  }

  const service: Partial<IResourceProviderServer> = {
    handshake: unary(() => new proto.ProviderHandshakeResponse()),
    checkConfig: unary((request: proto.CheckRequest) => {
      const response = new proto.CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: unary(() => {
      const response = new proto.DiffResponse();
      response.setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE);
      return response;
    }),
    configure: unary((request: proto.ConfigureRequest) => {
      standIn.configure(propertiesOf(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    getPluginInfo: unary(() => {
      const info = new PluginInfo();
      info.setVersion(versionOf(programSdk(programDirectory, standIn.packageName)));
      return info;
    }),
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    invoke: unary((request: proto.InvokeRequest) => {
      const response = new proto.InvokeResponse();
      response.setReturn(
        structOf(standIn.invoke(request.getTok(), propertiesOf(request.getArgs()))),
      );
      return response;
    }),
    check: unary((request: proto.CheckRequest) => {
      const { inputs, problems } = standIn.check(
        subjectOf(request.getUrn()),
        propertiesOf(request.getNews()),
        {
          olds: request.hasOlds() ? propertiesOf(request.getOlds()) : undefined,
          seed: Buffer.from(request.getRandomseed_asU8()).toString("hex"),
        },
      );
      const response = new proto.CheckResponse();
      response.setInputs(structOf(inputs));
      response.setFailuresList(
        problems.map((reason) => {
          const failure = new proto.CheckFailure();
          failure.setReason(reason);
          return failure;
        }),
      );
      return response;
    }),
    diff: unary((request: proto.DiffRequest) => {
      const subject = subjectOf(request.getUrn());
      const [before, after] = [request.getOldInputs(), request.getNews()].map(propertiesOf);
      return difference(changesBetween(before ?? {}, after ?? {}), {
        replaces: ({ path }) => standIn.replaces(subject, path),
        // If the provider chose the old name, the replacement gets a new one.
        deleteBeforeReplace: before?.["__createBeforeDelete"] !== true,
      });
    }),
    create: unary(async (request: proto.CreateRequest) => {
      const subject = subjectOf(request.getUrn());
      const inputs = propertiesOf(request.getProperties());
      const response = new proto.CreateResponse();
      if (request.getPreview()) {
        response.setProperties(structOf(standIn.preview(subject, inputs)));
        return response;
      }
      const state = await carryOut("create", subject, "", () => standIn.create(subject, inputs));
      response.setId(state?.id ?? "");
      response.setProperties(structOf(state?.outputs ?? {}));
      return response;
    }),
    read: unary(async (request: proto.ReadRequest) => {
      const subject = subjectOf(request.getUrn());
      const id = request.getId();
      const state = await carryOut("read", subject, id, () => standIn.read(subject, id));
      const response = new proto.ReadResponse();
      if (state === undefined) return response;
      response.setId(state.id);
      response.setProperties(structOf(state.outputs));
      response.setInputs(request.getInputs());
      return response;
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const subject = subjectOf(request.getUrn());
      const [olds = {}, news = {}] = [request.getOlds(), request.getNews()].map(propertiesOf);
      const response = new proto.UpdateResponse();
      if (request.getPreview()) {
        const outputs = { ...standIn.preview(subject, news), ...stableOutputs(olds) };
        response.setProperties(structOf(outputs));
        return response;
      }
      const id = request.getId();
      const state = await carryOut("update", subject, id, () => standIn.update(subject, id, news));
      response.setProperties(structOf(state?.outputs ?? {}));
      return response;
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      const subject = subjectOf(request.getUrn());
      const id = request.getId();
      await carryOut("delete", subject, id, async () => {
        await standIn.delete(subject, id);
        return undefined;
      });
      return new Empty();
    }),
  };
  return [ResourceProviderService, withRest(service)];
}

function difference(
  changes: readonly Change[],
  {
    replaces,
    deleteBeforeReplace,
  }: { readonly replaces: (change: Change) => boolean; readonly deleteBeforeReplace: boolean },
): proto.DiffResponse {
  const { DiffChanges } = proto.DiffResponse;
  const { Kind } = proto.PropertyDiff;
  const kinds = {
    add: [Kind.ADD, Kind.ADD_REPLACE],
    delete: [Kind.DELETE, Kind.DELETE_REPLACE],
    update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
  } as const;
  const replacing = changes.filter(replaces);
  const response = new proto.DiffResponse();
  response.setChanges(changes.length === 0 ? DiffChanges.DIFF_NONE : DiffChanges.DIFF_SOME);
  response.setDiffsList([...new Set(changes.map(({ path }) => topOf(path)))]);
  response.setReplacesList(replacing.map(({ path }) => path));
  response.setDeletebeforereplace(replacing.length > 0 && deleteBeforeReplace);
  response.setHasdetaileddiff(true);
  for (const change of changes) {
    const diff = new proto.PropertyDiff();
    diff.setKind(kinds[change.kind][replacing.includes(change) ? 1 : 0]);
    diff.setInputdiff(true);
    response.getDetaileddiffMap().set(change.path, diff);
  }
  return response;
}

function topOf(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

/** The engine accepts "unimplemented" for methods that no program here needs. */
function withRest(service: Partial<IResourceProviderServer>): UntypedServiceImplementation {
  const rest = Object.fromEntries(
    Object.keys(ResourceProviderService).map((name) => [
      name,
      (_: unknown, callback: (error: { code: status; details: string }) => void) => {
        callback({ code: status.UNIMPLEMENTED, details: `${name} has no stand-in` });
      },
    ]),
  );
  return { ...rest, ...service } as UntypedServiceImplementation;
}

/** An update does not change them, so resources that depend only on them need not wait for it. */
function stableOutputs({ name, location }: Properties): Properties {
  return { ...(name !== undefined && { name }), ...(location !== undefined && { location }) };
}

/** The version of the program's SDK: the engine warns if the provider is older than the program expects. */
function versionOf(packageFile: string | undefined): string {
  if (packageFile === undefined) return "0.0.0";
  return (JSON.parse(readFileSync(packageFile, "utf8")) as { version: string }).version;
}

/** `urn:pulumi:<stack>::<project>::<types of ancestors>$<type>::<name>` */
function subjectOf(urn: string): Subject {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}

function propertiesOf(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : struct.toJavaScript();
}

function structOf(properties: Properties): Struct {
  return Struct.fromJavaScript(properties);
}
