import { afterEach, beforeEach, expect, test } from "vitest";
import { register, unregistered } from "../../../operate/preflight/registration.ts";
import { Arm } from "../../support/arm/arm.ts";
import { wanted } from "./wanted.ts";

let arm: Arm;
let waits: number[];
let told: string[];

beforeEach(async () => {
  arm = await Arm.start();
  waits = [];
  told = [];
});

afterEach(() => arm.stop());

const DASHBOARD = "Microsoft.Dashboard";
const ENCRYPTION = "Microsoft.Compute/EncryptionAtHost";

function waiting(timeout: number) {
  return {
    timeout,
    wait: (milliseconds: number) => Promise.resolve(waits.push(milliseconds)),
    tell: (text: string) => told.push(text),
  };
}

function setState(namespace: string, state: string): void {
  const provider = arm.world.providers[namespace];
  if (provider !== undefined) provider.registrationState = state;
}

test("finds what exists and is not registered", async () => {
  setState(DASHBOARD, "Unregistered");
  arm.world.features = {
    [ENCRYPTION]: "NotRegistered",
    "Microsoft.Compute/A": "Pending",
    "Microsoft.Compute/B": "Registering",
    "Microsoft.Compute/C": "Registered",
  };
  const features = [...Object.keys(arm.world.features), "Microsoft.Compute/Unknown"];
  const stack = wanted({
    features: [...features, "Microsoft.ContainerService/AzureServiceMeshPreview"],
  });
  expect(await unregistered(arm.azure, stack)).toEqual({
    providers: [DASHBOARD],
    features: [ENCRYPTION],
  });
});

test("registers features, then their providers and the others, and waits for each", async () => {
  setState(DASHBOARD, "NotRegistered");
  arm.world.features[ENCRYPTION] = "NotRegistered";
  const missing = { providers: [DASHBOARD], features: [ENCRYPTION] };
  await register(arm.azure, missing, waiting(60_000));
  const posts = arm.asked.filter((line) => line.startsWith("POST"));
  expect(posts.map((line) => line.slice(line.indexOf("/providers/")))).toEqual([
    "/providers/Microsoft.Features/providers/Microsoft.Compute/features/EncryptionAtHost/register",
    "/providers/Microsoft.Dashboard/register",
    "/providers/Microsoft.Compute/register",
  ]);
  expect(told).toEqual([
    `Waiting for ${ENCRYPTION}.`,
    `${ENCRYPTION} is registered.`,
    "Microsoft.Compute is registered.",
    "Waiting for Microsoft.Dashboard.",
    "Microsoft.Dashboard is registered.",
  ]);
  expect(waits).toEqual([1000, 1000]);
  expect(await unregistered(arm.azure, wanted({ features: [ENCRYPTION] }))).toEqual({
    providers: [],
    features: [],
  });
});

test("gives up after the timeout, and waits longer each time", async () => {
  // Azure never says that it is registered.
  const message = "Busy.";
  arm.refuse({ on: /GET .*Microsoft\.Dashboard$/, status: 400, code: "Busy", message });
  await register(arm.azure, { providers: [DASHBOARD], features: [] }, waiting(40_000));
  expect(waits).toEqual([1000, 2000, 4000, 8000, 15_000, 15_000]);
  expect(told.at(-1)).toBe(
    "Microsoft.Dashboard: not registered after 45 s. Azure goes on; run preflight later.",
  );
});

test("says what cannot be registered, or waits for an approval", async () => {
  const message =
    "The client does not have authorization to perform action 'Microsoft.Dashboard/register/action' over scope '/'.";
  arm.refuse({ on: /POST .*Dashboard/, status: 403, code: "AuthorizationFailed", message });
  arm.world.features = { "Microsoft.ContainerService/A": "Pending" };
  arm.refuse({ on: /POST .*features/, status: 200, code: "", message: "" });
  const missing = { providers: [DASHBOARD], features: ["Microsoft.ContainerService/A"] };
  await register(arm.azure, missing, waiting(60_000));
  expect(told).toEqual([
    "Microsoft.ContainerService/A waits for an approval of Microsoft.",
    "Microsoft.Dashboard cannot be registered: Azure does not allow the registration of Microsoft.Dashboard. Ask for a role with the right for Microsoft.Dashboard/register/action.",
  ]);
  expect(waits).toEqual([]);
});
