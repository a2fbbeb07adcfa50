import { Client, Metadata, status } from "@grpc/grpc-js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Assumptions } from "../../../offline/engine/assumptions.ts";
import { existsResourceService } from "../../../offline/engine/existsResource.ts";
import { CallError, call, channelOptions, insecure, serve } from "../../../offline/grpc.ts";
import type { RunningServer } from "../../../offline/grpc.ts";
import { Monitor } from "../../../offline/engine/monitor.ts";

let asked = 0;
let server: RunningServer;
let client: Client;
let monitorClient: ResourceMonitorClient;

beforeAll(async () => {
  const monitor = new Monitor({
    identity: { organization: "acme", project: "shop", stack: "dev" },
    projectDirectory: "/",
    programDirectory: "/",
    kubernetesNamespace: undefined,
    assumptions: Assumptions.none(),
    disabledDefaultProviders: [],
    review: ({ inputs }) => Promise.resolve(inputs),
    judge: () => Promise.resolve(),
  });
  server = await serve([
    [monitor.service, monitor.implementation],
    existsResourceService(() => asked++),
  ]);
  client = new Client(server.address, insecure, channelOptions);
  monitorClient = new ResourceMonitorClient(server.address, insecure, channelOptions);
});
afterAll(() => {
  client.close();
  monitorClient.close();
  server.stop();
});

/** Calls the monitor with raw bytes, like an SDK with a newer protocol. */
const raw = (method: string, bytes: readonly number[]) =>
  call<Buffer>((done) =>
    client.makeUnaryRequest(
      `/pulumirpc.ResourceMonitor/${method}`,
      (sent: Buffer) => sent,
      (received) => received,
      Buffer.from(bytes),
      new Metadata(),
      (error, response) => {
        done(error, response ?? Buffer.alloc(0));
      },
    ),
  );

describe("calls of newer SDKs", () => {
  test("an unknown call is unimplemented, so an SDK assumes an older engine", async () => {
    const answer = await raw("CallOfAnotherDay", [10, 1, 97]).catch((error: unknown) => error);
    expect(answer).toBeInstanceOf(CallError);
    expect(answer).toMatchObject({ code: status.UNIMPLEMENTED });
  });

  test("the existence of a resource is unknown, and is reported", async () => {
    const request = [
      (1 << 3) | 2,
      5,
      ...Buffer.from("a:b:C"),
      (2 << 3) | 2,
      2,
      ...Buffer.from("id"),
    ];
    expect([...(await raw("ExistsResource", request))]).toEqual([16, 1]);
    expect(asked).toBe(1);
  });

  test("unknown fields are ignored", async () => {
    const field999 = [0xb8, 0x3e, 1];
    const request = [(1 << 3) | 2, 7, ...Buffer.from("secrets"), ...field999];
    const answer = await raw("SupportsFeature", request);
    expect(proto.SupportsFeatureResponse.deserializeBinary(answer).getHassupport()).toBe(true);
  });
});

const supports = async (id: string) => {
  const request = new proto.SupportsFeatureRequest();
  request.setId(id);
  const response = await call<proto.SupportsFeatureResponse>((done) =>
    monitorClient.supportsFeature(request, done),
  );
  return response.getHassupport();
};

test("features are the same for every way in which an SDK asks for them", async () => {
  const info = await call<proto.DeploymentInfo>((done) =>
    monitorClient.getDeploymentInfo(new Empty(), done),
  );
  expect(info.toObject()).toMatchObject({
    organization: "acme",
    project: "shop",
    stack: "dev",
    dryrun: true,
  });
  // Every feature that an SDK looks for, except those that need a provider's answer; 16 is state migrations.
  expect([...info.getSupportedfeaturesList()].sort((a, b) => a - b)).toEqual([
    0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 16,
  ]);
  expect(await supports("secrets")).toBe(true);
  expect(await supports("errorHooks")).toBe(true);
  expect(await supports("featureOfAnotherDay")).toBe(false);
});
