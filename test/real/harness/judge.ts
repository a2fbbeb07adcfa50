import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import type { Claim } from "../claims/claim.ts";
import { scratch } from "./scratch.ts";

const ROOT = join(__dirname, "../../..");

/** The names of the rules that the policy pack reports in the broken state of a claim, but not in the mended one. */
export type Judgement = (claim: Claim) => readonly string[];

/** Previews the program of the claims with the policy pack, in both states. */
export async function judge(): Promise<Judgement> {
  const [broken, mended] = await Promise.all([said("broken"), said("mended")]);
  return (claim) => {
    const after = rulesAbout(claim, mended);
    const gone = rulesAbout(claim, broken).filter((rule) => !after.includes(rule));
    return [...new Set(gone)].sort();
  };
}

interface Said {
  readonly policy: string;
  readonly urn: string;
}

/** What the policy pack reports about each resource of the program: violations, advice and remediations. */
async function said(state: "broken" | "mended"): Promise<readonly Said[]> {
  const plan = join(scratch, `claims-${state}.json`);
  // One preview serves all test files.
  if (!existsSync(plan)) await preview(state, plan);
  const { policyViolations, policyRemediations } = JSON.parse(readFileSync(plan, "utf8")) as {
    readonly policyViolations: readonly Said[];
    readonly policyRemediations: readonly Said[];
  };
  return [...policyViolations, ...policyRemediations];
}

async function preview(state: "broken" | "mended", plan: string): Promise<void> {
  const stack = join(scratch, `claims-${state}.yaml`);
  const config = { "azure-native:location": "westeurope", "claims:state": state };
  writeFileSync(stack, stringify({ config }));
  const args = [join(ROOT, "bin/aks-istio.js"), "preview", join(__dirname, "../claims")];
  args.push("--stack", "claims", "--config-file", stack, "--json", plan);
  try {
    await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  } catch (error) {
    // Mandatory rules are violated on purpose, or because the program's clusters have only what these tests need.
    if ((error as { code?: unknown }).code !== 1) throw error;
  }
}

function rulesAbout({ name }: Claim, all: readonly Said[]): readonly string[] {
  return all.filter(({ urn }) => urn.includes(`::${name}.`)).map(({ policy }) => policy);
}
