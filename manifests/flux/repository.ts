import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Manifest } from "../manifest.ts";
import { isRecord } from "../manifest.ts";
import type { Reference } from "./kustomization.ts";

/** The repository that contains a tree, and the sources of Flux that mean it. */
export class Repository {
  /** Absolute. */
  readonly root: string;
  readonly #addresses: ReadonlySet<string>;
  readonly #sources: ReadonlyMap<string, string>;

  /** @param manifests the objects of the tree, among them the sources */
  constructor(directory: string, manifests: readonly Manifest[]) {
    this.root = rootOf(resolve(directory));
    this.#addresses = new Set(remotesOf(this.root).map(addressOf));
    this.#sources = new Map(
      manifests
        .filter(({ apiVersion }) => apiVersion.startsWith("source.toolkit.fluxcd.io/"))
        .flatMap(({ kind, namespace, name = "", object }) => {
          const url = isRecord(object["spec"]) ? object["spec"]["url"] : undefined;
          const reference = { kind, namespace: namespace ?? "flux-system", name };
          return typeof url === "string" ? [[keyOf(reference), addressOf(url)] as const] : [];
        }),
    );
  }

  /** The absolute path of a path in the repository, which it cannot leave: as for Flux, the root is its own parent. */
  pathOf(path: string): string {
    return resolve(this.root, relative("/", resolve("/", path.replace(/^\/+/, ""))));
  }

  /** Whether a source is certainly another repository. */
  isForeign(source: Reference): boolean {
    const address = this.#sources.get(keyOf(source));
    if (source.kind !== "GitRepository" || address === undefined) return false;
    return this.#addresses.size > 0 && !this.#addresses.has(address);
  }

  /** Whether a source is this repository, as far as the tree says. */
  isOwn(source: Reference): boolean {
    if (source.kind !== "GitRepository") return false;
    const address = this.#sources.get(keyOf(source));
    return address === undefined
      ? source.name === "flux-system"
      : this.#addresses.has(address) || this.#addresses.size === 0;
  }
}

function keyOf({ kind, namespace, name }: Reference): string {
  return `${kind}/${namespace}/${name}`;
}

/** The directory with `.git`, or the directory itself. */
function rootOf(directory: string): string {
  for (let root = directory; ; root = dirname(root)) {
    if (existsSync(join(root, ".git"))) return root;
    if (root === dirname(root)) return directory;
  }
}

function remotesOf(root: string): readonly string[] {
  try {
    const config = readFileSync(join(root, ".git/config"), "utf8");
    return [...config.matchAll(/^\s*url\s*=\s*(\S+)/gm)].map(([, url = ""]) => url);
  } catch {
    // A worktree, or no repository.
    return [];
  }
}

/** Host and path, which the forms of an address have in common: `github.com/team/fleet`. */
function addressOf(url: string): string {
  return url
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, "")
    .replace(/^[^@/]*@/, "")
    .replace(/:\d+\//, "/")
    .replace(":", "/")
    .replace(/\.git\/?$|\/$/, "");
}
