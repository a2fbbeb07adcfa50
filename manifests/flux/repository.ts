import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { readRegularFile } from "../entry.ts";
import type { Manifest } from "../manifest.ts";
import { isRecord } from "../manifest.ts";
import type { Reference } from "./kustomization.ts";

/** A repository on this machine, and the sources of Flux that mean it. */
export class Repository {
  /** Absolute. */
  readonly root: string;
  readonly #urls: readonly string[];
  readonly #addresses: ReadonlySet<string>;
  readonly #sources: ReadonlyMap<string, string>;

  /** @param urls its URLs, as far as they are known */
  constructor(
    root: string,
    urls: readonly string[],
    sources: ReadonlyMap<string, string> = new Map(),
  ) {
    this.root = root;
    this.#urls = urls;
    this.#addresses = new Set(urls.map(addressOf));
    this.#sources = sources;
  }

  /** The repository that contains a directory, with the URLs of its remotes. */
  static around(directory: string): Repository {
    const root = rootOf(resolve(directory));
    return new Repository(root, remotesOf(root));
  }

  /** The tree in a directory, which need not be a whole repository, with the URLs that Flux reads it from. */
  static at(directory: string, urls: readonly string[]): Repository {
    return new Repository(directory, [...remotesOf(rootOf(directory)), ...urls]);
  }

  /** The same repository with the sources among some objects, which say what their names mean. */
  knowing(manifests: readonly Manifest[]): Repository {
    const found = manifests
      .filter(({ apiVersion }) => apiVersion.startsWith("source.toolkit.fluxcd.io/"))
      .flatMap(({ kind, namespace, name = "", object }) => {
        const url = isRecord(object["spec"]) ? object["spec"]["url"] : undefined;
        const reference = { kind, namespace: namespace ?? "flux-system", name };
        return typeof url === "string" ? [[keyOf(reference), addressOf(url)] as const] : [];
      });
    if (found.length === 0) return this;
    return new Repository(this.root, this.#urls, new Map([...this.#sources, ...found]));
  }

  /** Whether a URL is one of its own, in any spelling. */
  isAt(url: string): boolean {
    return this.#addresses.has(addressOf(url));
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

/**
 * The URLs of the remotes in the configuration of Git; none outside of a repository. Other sections have URLs, too, such as
 * those of submodules.
 *
 * @see https://git-scm.com/docs/git-config#_configuration_file
 */
function remotesOf(root: string): readonly string[] {
  try {
    const config = readRegularFile(join(gitDirectoryOf(root), "config"));
    return config
      .split(/^(?=[^\S\n]*\[)/m)
      .filter((section) => /^\s*\[remote\s/i.test(section))
      .flatMap((section) => [...section.matchAll(/(?:^|\])\s*url\s*=\s*"?([^\s"]+)/gim)])
      .map(([, url = ""]) => url);
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
  const [, path = ""] = /^gitdir: (.+)$/m.exec(readRegularFile(entry)) ?? [];
  const own = resolve(root, path);
  const common = join(own, "commondir");
  return existsSync(common) ? resolve(own, readRegularFile(common).trim()) : own;
}

/**
 * Host and path, which the forms of a URL have in common: `github.com/team/fleet`. Azure DevOps has other paths for SSH.
 *
 * @see https://learn.microsoft.com/azure/devops/repos/git/use-ssh-keys-to-authenticate
 */
export function addressOf(url: string): string {
  return url
    .toLowerCase()
    .replace(/^[a-z+]+:\/\//, "")
    .replace(/^[^@/]*@/, "")
    .replace(/:\d+\//, "/")
    .replace(":", "/")
    .replace(/\.git\/?$|\/$/, "")
    .replace(/^ssh\.(dev\.azure\.com)\/v3\/([^/]+\/[^/]+)\//, "$1/$2/_git/");
}
