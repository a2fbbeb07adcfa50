import { existsSync, readFileSync, statSync } from "node:fs";
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
    // Without an address on either side, only the source that `flux bootstrap` creates is certainly this repository.
    return address === undefined || this.#addresses.size === 0
      ? source.name === "flux-system"
      : this.#addresses.has(address);
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

/** The URLs in the configuration of Git; none outside of a repository. */
function remotesOf(root: string): readonly string[] {
  try {
    const config = readFileSync(join(gitDirectoryOf(root), "config"), "utf8");
    return [...config.matchAll(/^\s*url\s*=\s*(\S+)/gm)].map(([, url = ""]) => url);
  } catch {
    return [];
  }
}

/**
 * The directory with the configuration of Git, which worktrees share.
 *
 * @see https://git-scm.com/docs/gitrepository-layout
 */
function gitDirectoryOf(root: string): string {
  const entry = join(root, ".git");
  if (statSync(entry).isDirectory()) return entry;
  const [, path = ""] = /^gitdir: (.+)$/m.exec(readFileSync(entry, "utf8")) ?? [];
  const own = resolve(root, path);
  const common = join(own, "commondir");
  return existsSync(common) ? resolve(own, readFileSync(common, "utf8").trim()) : own;
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
