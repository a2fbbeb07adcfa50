import { describe, test } from "vitest";
import { changesOf, warningsOf } from "./harness/events.ts";
import { newStack, stackFile } from "./harness/stack.ts";
import { CERTIFICATE, PRIVATE_KEY } from "../support/pem.ts";

const VAULT_FIRST = "aks-istio:certificates:\n    phase: vault\n";

describe.concurrent("a plug-in CA", () => {
  test("creates its vault first, then its cluster, which is not deleted again", async (context) => {
    const { expect } = context;
    const file = stackFile("examples/plug-in-ca.yaml").replace(
      "aks-istio:certificates:\n",
      VAULT_FIRST,
    );
    const stack = await newStack(context, file);
    const first = await stack.up();
    expect(changesOf(first.events)).toEqual({ create: 4 });
    expect(stack.cloud.all.map(({ type }) => type.split(":").at(-1)).sort()).toEqual([
      "ResourceGroup",
      "Vault",
    ]);
    // No warnings about outputs that the stack does not have yet.
    expect(warningsOf(first.events).filter((warning) => warning.includes("stack output"))).toEqual(
      [],
    );
    const { output } = await stack.cli.succeed(["stack", "output", "certificateVault"]);
    expect(JSON.parse(output.slice(output.indexOf("{")))).toEqual({
      id: stack.cloud.all.find(({ type }) => type.endsWith(":Vault"))?.id,
      name: stack.cloud.all.find(({ type }) => type.endsWith(":Vault"))?.outputs["name"],
    });

    stack.edit((text) => text.replace("    phase: vault\n", ""));
    expect(changesOf((await stack.up()).events)).toEqual({ create: 39, same: 4 });
    expect(changesOf((await stack.up()).events)).toEqual({ same: 43 });

    // Returning to the first phase would delete the cluster. It is rejected before anything changes.
    stack.edit((text) => text.replace("aks-istio:certificates:\n", VAULT_FIRST));
    stack.done.length = 0;
    const back = await stack.cli.run(["up", "--yes"]);
    expect(back.code).not.toBe(0);
    expect(back.output).toContain("because it is protected");
    expect(stack.done).toEqual([]);
  });

  test("can move into the program later without replacing the cluster", async (context) => {
    const { expect } = context;
    const file = stackFile("examples/plug-in-ca.yaml");
    const stack = await newStack(context, file);
    expect((await stack.up()).code).toBe(0);
    const parts = {
      rootCert: CERTIFICATE,
      caCert: CERTIFICATE,
      caKey: PRIVATE_KEY,
      certChain: CERTIFICATE,
    };
    for (const [part, contents] of Object.entries(parts)) {
      await stack.cli.succeed([
        ...["config", "set", "--secret", "--path"],
        ...[`aks-istio:certificates.contents.${part}`, "--", contents],
      ]);
    }
    stack.done.length = 0;
    const later = await stack.cli.run(["up", "--yes"]);
    expect([later.code, later.code === 0 ? "" : later.output]).toEqual([0, ""]);
    expect(
      stack.done.map(({ operation, subject }) => `${operation} ${subject.name}`).sort(),
    ).toEqual(
      ["ca-cert", "ca-key", "cert-chain", "root-cert"].map((name) => `create mesh-ca-${name}`),
    );
    expect(later.output).not.toContain(CERTIFICATE.split("\n")[1]);
  });
});

describe.concurrent("an error of Azure", () => {
  const NO_ROLE =
    'Status=400 Code="CustomKubeletIdentityMissingPermissionError" Message="The cluster using user-assigned managed identity must be granted \'Managed Identity Operator\' role to assign kubelet identity."';
  const NO_NAMESPACE = 'namespaces "aks-istio-ingress" not found';

  test("is retried if it is temporary, and the deployment continues", async (context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("Pulumi.dev.yaml"), {
      faults: [`create:ManagedCluster:2:${NO_ROLE}`, `create:ServicePatch:1:${NO_NAMESPACE}`],
    });
    const up = await stack.up();
    expect(changesOf(up.events)).toEqual({ create: 60 });
    const tries = (type: string) =>
      stack.done
        .filter(({ subject }) => subject.type.endsWith(`:${type}`))
        .map(({ error }) => error);
    expect(tries("ManagedCluster")).toEqual([NO_ROLE, NO_ROLE, undefined]);
    expect(tries("ServicePatch")).toEqual([NO_NAMESPACE, undefined]);
    expect(warningsOf(up.events).filter((warning) => warning.startsWith("retrying"))).toEqual([
      "retrying create due to on-error hook request (1/100)",
      "retrying create due to on-error hook request (2/100)",
      "retrying create due to on-error hook request (1/100)",
    ]);
  });

  test("is not retried if it is permanent", async (context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("Pulumi.dev.yaml"), {
      faults: ['create:ManagedCluster:always:Status=400 Code="QuotaExceeded" Message="…"'],
    });
    expect((await stack.up()).code).not.toBe(0);
    const tries = stack.done.filter(({ subject }) => subject.type.endsWith(":ManagedCluster"));
    expect(tries).toHaveLength(1);
  });

  test("requires a CLI that reports errors to the program", async (context) => {
    const { expect } = context;
    const stack = await newStack(context, stackFile("Pulumi.dev.yaml"));
    stack.cli.write(
      "Pulumi.yaml",
      stack.cli
        .read("Pulumi.yaml")
        .replace(/requiredPulumiVersion: .*/, 'requiredPulumiVersion: ">=99.0.0"'),
    );
    const { code, output } = await stack.cli.run(["preview"]);
    expect(code).not.toBe(0);
    expect(output).toContain('does not satisfy the version range ">=99.0.0"');
  });
});
