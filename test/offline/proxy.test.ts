import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { proxyBypass } from "../../offline/grpc.ts";
import { planOf } from "../support/host.ts";
import { javascript, policyPack, scratch } from "../support/programs.ts";

const write = scratch();

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the proxy variables of a child keep the user's values", () => {
  test.each([
    [{}, "127.0.0.1"],
    [{ no_proxy: "localhost,.corp" }, "localhost,.corp,127.0.0.1"],
    [{ no_proxy: "localhost", no_grpc_proxy: ".internal" }, ".internal,127.0.0.1"],
    [{ no_proxy: ".corp", no_grpc_proxy: "" }, ".corp,127.0.0.1"],
  ])("%j", (env, expected) => {
    expect(proxyBypass(env)).toEqual({ no_grpc_proxy: expected });
  });
});

test.each(["grpc_proxy", "https_proxy", "http_proxy"])(
  "a proxy in %s receives none of the traffic between host, program and pack",
  async (variable) => {
    let connections = 0;
    const proxy = createServer((socket) => {
      connections++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo;
    vi.stubEnv("no_proxy", "localhost,.corp");
    vi.stubEnv(variable, `http://127.0.0.1:${port}`);

    // A transform makes the host call the program; the pack remediates, judges and logs.
    const source = `
pulumi.runtime.registerStackTransformation(() => undefined);
pulumi.runtime.registerResourceTransform((args) => ({ props: { ...args.props, seen: true }, opts: args.opts }));
new Resource("a:b:C", "one", { secret: "hunter2" });
pulumi.log.warn([process.env.${variable}, process.env.no_proxy].join(" "));`;
    const directory = write("pack", policyPack("watching", WATCHING));
    const plan = await planOf(write("proxied", javascript("proxied", source)), {
      packs: [{ directory, config: {} }],
    });
    proxy.close();

    expect(connections).toBe(0);
    expect(plan.resources.at(-1)?.inputs).toMatchObject({ seen: true, corrected: true });
    expect(plan.violations.map(({ message }) => message)).toEqual(["seen"]);
    expect(plan.diagnostics.map(({ message }) => message)).toEqual([
      `http://127.0.0.1:${port} localhost,.corp`,
    ]);
  },
);

const WATCHING = `
{ name: "correct", description: "c", enforcementLevel: "remediate",
  remediateResource: (args) => (args.type === "a:b:C" ? { ...args.props, corrected: true } : undefined) },
{ name: "judge", description: "j", enforcementLevel: "advisory",
  validateResource: (args, report) => { if (args.type === "a:b:C") report("seen"); } },`;
