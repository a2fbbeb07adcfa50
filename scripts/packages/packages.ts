import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(__dirname, "../..");

/** What a package of `packages/` is made of, besides what its package.json says. */
export interface PackageBuild {
  readonly name: string;
  /** Whether each module stays a file of its own, so another package can import it. */
  readonly separateFiles: boolean;
  /** Whose modules it imports instead of its own copies of them. */
  readonly base?: string;
  /** Files and folders of the sources that it contains, by their path in the package. */
  readonly copies: Readonly<Record<string, string>>;
}

/** In the order in which they are built: a base first. */
export const PACKAGES: readonly PackageBuild[] = [
  {
    name: "pulumi-offline",
    separateFiles: true,
    copies: {
      // Processes load these by their path.
      "dist/offline/program/preloaded.js": "offline/program/preloaded.js",
      "dist/offline/program/promiseTraces.js": "offline/program/promiseTraces.js",
      "dist/offline/program/sdkStartup.js": "offline/program/sdkStartup.js",
      "dist/offline/program/unknowns.js": "offline/program/unknowns.js",
      "dist/cli/completion/scripts": "cli/completion/scripts",
      ...protocols(),
      "docs/assumptions.md": "docs/assumptions.md",
      "docs/offline-preview.md": "docs/offline-preview.md",
    },
  },
  {
    name: "aks-istio-policies",
    // One file: each one more would delay every start of the pack.
    separateFiles: false,
    copies: { "PulumiPolicy.yaml": "policy/PulumiPolicy.yaml", profiles: "policy/profiles" },
  },
  { name: "aks-istio-components", separateFiles: true, copies: {} },
  {
    name: "aks-istio",
    separateFiles: false,
    base: "pulumi-offline",
    copies: {
      docs: "docs",
      "examples/pipelines": "examples/pipelines",
      // The documents of the policies lead to it. A folder policy/ would be taken for the pack of a checkout.
      "profiles/README.md": "policy/profiles/README.md",
    },
  },
];

/** The code that Pulumi generates from its protocols. It needs nothing else of the SDK. */
function protocols(): Readonly<Record<string, string>> {
  const folder = "node_modules/@pulumi/pulumi/proto";
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith("_pb.js"),
  );
  return Object.fromEntries(files.map((file) => [`dist/protocols/${file}`, `${folder}/${file}`]));
}

/** The parts of a package.json that say what to build. */
export interface Manifest {
  readonly version: string;
  /** Only in a release. */
  readonly repository?: { readonly url: string };
  readonly main?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<
    Record<string, string | { readonly types: string; readonly default: string }>
  >;
  /** For a TypeScript that does not read `exports`: the types of `.`, and those of each other export. */
  readonly types?: string;
  readonly typesVersions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** The package.json of a package, or of the project. */
export function manifestOf(name?: string): Manifest {
  const file = name === undefined ? "package.json" : join("packages", name, "package.json");
  return JSON.parse(readFileSync(join(ROOT, file), "utf8")) as Manifest;
}

/** The files of `dist/` that a package.json offers, without their extension: paths of modules of the sources, too. */
export function modulesOf({ main, bin = {}, exports = {} }: Manifest): {
  readonly commands: readonly string[];
  readonly library: readonly string[];
} {
  const targets = Object.values(exports).map((target) =>
    typeof target === "string" ? target : target.default,
  );
  const modules = (files: readonly string[]) =>
    files.flatMap((file) => /^(?:\.\/)?dist\/(.+)\.js$/.exec(file)?.[1] ?? []);
  return {
    commands: modules(Object.values(bin)),
    library: modules(main === undefined ? targets : [main, ...targets]),
  };
}
