import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { spawnSync } from "node:child_process";
import { podinfo } from "../../../components/samples/podinfo.ts";
import { cachePath, madeOnce } from "../../real/harness/cache.ts";
import type { Components } from "../../real/harness/components.ts";
import { moduleDirectory } from "../../real/harness/customResources.ts";
import type { ImageConfig } from "./ociImage.ts";
import { writeImage } from "./ociImage.ts";
import { key } from "./packages.ts";
import type { Packages } from "./packages.ts";

/** The repository of Istio's images. */
export const ISTIO_HUB = "mcr.microsoft.com/oss/istio";

/** The tag of a revision's images after AKS has patched it. */
export const patched = (revision: string) => `${revision}-patched`;

/** The tags of Istio's images. All of them contain the version of Istio that go.mod pins. */
const REVISIONS = ["asm-1-28", "asm-1-29", "asm-1-30"];
const ISTIO_TAGS = [...REVISIONS, ...REVISIONS.map(patched)];

/** The other images. None are pulled from a registry. */
export const IMAGES = {
  pause: "localhost/pause:1",
  coreDns: "localhost/coredns:1",
  /** Contains /load, and only waits. */
  client: "localhost/client:1",
  podinfo: "ghcr.io/stefanprodan/podinfo:6.11.1",
} as const;

const COMPONENTS = join(__dirname, "../components");
const LIBRARIES = "usr/lib/x86_64-linux-gnu";

/** The programs that go into the images. */
export interface ImageSources {
  readonly programs: string;
  readonly control: Components;
  readonly packages: Packages;
}

/** The directory with a tar for each image, created unless an earlier run created it. */
export async function images(sources: ImageSources, say: (line: string) => void): Promise<string> {
  const recipes = ["images.ts", "ociImage.ts"].map((file) =>
    readFileSync(join(__dirname, file), "utf8"),
  );
  const { programs, control, packages } = sources;
  const from = [programs, dirname(control.istiod), packages.debian, packages.envoy];
  return await madeOnce(cachePath("images", key(...from, podinfo().image, ...recipes)), (made) => {
    say("Creating the images of Istio, CoreDNS and the workloads, once");
    for (const [name, recipe] of Object.entries(RECIPES)) {
      const root = join(made, name);
      mkdirSync(root);
      const { names, config } = recipe(root, sources);
      writeImage(join(made, `${name}.tar`), names, root, config);
      rmSync(root, { recursive: true });
    }
  });
}

interface Recipe {
  readonly names: readonly string[];
  readonly config: ImageConfig;
}

const istio = (image: string) => ISTIO_TAGS.map((tag) => `${ISTIO_HUB}/${image}:${tag}`);

/** Each recipe fills the root directory of its image. */
const RECIPES: Readonly<Record<string, (root: string, sources: ImageSources) => Recipe>> = {
  pause: (root, { programs }) => {
    put(root, join(programs, "pause"), "pause");
    return { names: [IMAGES.pause], config: { Entrypoint: ["/pause"], User: "65535:65535" } };
  },
  coredns: (root, { programs }) => {
    put(root, join(programs, "coredns"), "coredns");
    return { names: [IMAGES.coreDns], config: { Entrypoint: ["/coredns"] } };
  },
  client: (root, { programs }) => {
    put(root, join(programs, "load"), "load");
    put(root, join(programs, "pause"), "pause");
    return { names: [IMAGES.client], config: { Entrypoint: ["/pause"], User: "10001:10001" } };
  },
  podinfo: (root, { programs }) => {
    put(root, join(programs, "podinfo"), "home/app/podinfo");
    const ui = join(moduleDirectory("github.com/stefanprodan/podinfo", COMPONENTS), "ui");
    cpSync(ui, join(root, "home/app/ui"), { recursive: true });
    temporary(root, "tmp", "data");
    const config = { Cmd: ["./podinfo"], WorkingDir: "/home/app", User: "100:101" };
    return { names: [IMAGES.podinfo, withoutTag(podinfo().image)], config };
  },
  pilot: (root, { control }) => {
    put(root, control.istiod, "usr/local/bin/pilot-discovery");
    temporary(root, "tmp");
    mkdirSync(join(root, "var/lib/istio"), { recursive: true });
    const config = { Entrypoint: ["/usr/local/bin/pilot-discovery"], User: "1337:1337" };
    return { names: istio("pilot"), config };
  },
  "install-cni": (root, { programs }) => {
    put(root, join(programs, "install-cni"), "usr/local/bin/install-cni");
    put(root, join(programs, "istio-cni"), "opt/cni/bin/istio-cni");
    temporary(root, "tmp");
    const config = {
      Cmd: ["/usr/local/bin/install-cni"],
      WorkingDir: "/opt/cni/bin",
      Env: ["PATH=/usr/local/bin:/opt/cni/bin"],
    };
    return { names: istio("install-cni"), config };
  },
  proxyv2: (root, { programs, packages: { debian, envoy } }) => {
    put(root, join(programs, "pilot-agent"), "usr/local/bin/pilot-agent");
    put(root, envoy, "usr/local/bin/envoy");
    // istio-init redirects traffic with iptables.
    for (const kind of ["nft", "legacy"]) {
      const program = `usr/sbin/xtables-${kind}-multi`;
      put(root, join(debian, program), program);
      for (const family of ["iptables", "ip6tables"]) {
        for (const suffix of ["", "-save", "-restore"]) {
          symlinkSync(`xtables-${kind}-multi`, join(root, `usr/sbin/${family}-${kind}${suffix}`));
          if (kind === "legacy") continue;
          symlinkSync(`xtables-${kind}-multi`, join(root, `usr/sbin/${family}${suffix}`));
        }
      }
    }
    const extensions = join(LIBRARIES, "xtables");
    // By default, copied links would point to the original directory.
    const options = { recursive: true, verbatimSymlinks: true };
    cpSync(join(debian, extensions), join(root, extensions), options);
    const programsWithLibraries = [
      envoy,
      join(debian, "usr/sbin/xtables-nft-multi"),
      join(debian, "usr/sbin/xtables-legacy-multi"),
    ];
    for (const library of librariesOf(programsWithLibraries, debian)) {
      put(root, library.file, library.path);
    }
    const bootstrap = "tools/packaging/common/envoy_bootstrap.json";
    put(
      root,
      join(moduleDirectory("istio.io/istio", COMPONENTS), bootstrap),
      "var/lib/istio/envoy/envoy_bootstrap_tmpl.json",
    );
    temporary(root, "tmp");
    for (const path of ["etc", "run", "var/lib/istio/data", "var/lib/istio/proxy"]) {
      mkdirSync(join(root, path), { recursive: true });
    }
    writeFileSync(join(root, "etc/passwd"), "root:x:0:0::/:\nistio-proxy:x:1337:1337::/:\n");
    writeFileSync(join(root, "etc/group"), "root:x:0:\nistio-proxy:x:1337:\n");
    writeFileSync(join(root, "etc/protocols"), "tcp 6 TCP\nudp 17 UDP\n");
    const config = {
      Entrypoint: ["/usr/local/bin/pilot-agent"],
      Env: ["PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
      User: "0",
    };
    return { names: istio("proxyv2"), config };
  },
};

/** The name that containerd looks up if an image has a tag and a digest. */
function withoutTag(image: string): string {
  return image.replace(/:[^:/@]+@/, "@");
}

/** Copies a file into the root directory of an image. */
function put(root: string, file: string, path: string): void {
  const target = join(root, path);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(realpathSync(file), target);
  // All files of Go modules are read-only.
  chmodSync(target, 0o755);
}

function temporary(root: string, ...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(join(root, path));
    chmodSync(join(root, path), 0o1777);
  }
}

interface Library {
  readonly file: string;
  /** The path at which a program looks for it. */
  readonly path: string;
}

/** The shared libraries that programs load, from the Debian packages and from this machine. */
function librariesOf(programs: readonly string[], debian: string): Library[] {
  return programs.flatMap((program) => {
    const { stdout } = spawnSync("ldd", [program], {
      encoding: "utf8",
      env: { ...process.env, LD_LIBRARY_PATH: join(debian, LIBRARIES) },
    });
    const files = stdout.match(/\/\S+\.so\S*/g) ?? [];
    return files.map((file) => ({
      file,
      path: file.startsWith(debian) ? file.slice(debian.length + 1) : file.slice(1),
    }));
  });
}
