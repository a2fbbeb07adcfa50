import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./run.ts";

/** @see https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface ImageConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
}

/** Creates an image with one layer from a directory, as a tar for `ctr images import`. */
export function writeImage(
  tar: string,
  names: readonly string[],
  root: string,
  config: ImageConfig,
): void {
  const layout = `${tar}.layout`;
  const blobs = join(layout, "blobs/sha256");
  mkdirSync(blobs, { recursive: true });
  const add = (file: string) => {
    const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
    const { size } = statSync(file);
    renameSync(file, join(blobs, digest));
    return { digest: `sha256:${digest}`, size };
  };
  const addJson = (value: object) => {
    const file = join(layout, "json");
    writeFileSync(file, JSON.stringify(value));
    return add(file);
  };
  const layerFile = join(layout, "layer");
  const owner = ["--owner=0", "--group=0", "--numeric-owner"];
  run("tar", ["--sort=name", "--mtime=@0", ...owner, "-C", root, "-cf", layerFile, "."]);
  const layer = add(layerFile);
  const configuration = addJson({
    architecture: "amd64",
    os: "linux",
    config,
    rootfs: { type: "layers", diff_ids: [layer.digest] },
  });
  const mediaType = (kind: string) => `application/vnd.oci.image.${kind}`;
  const manifest = addJson({
    schemaVersion: 2,
    mediaType: mediaType("manifest.v1+json"),
    config: { mediaType: mediaType("config.v1+json"), ...configuration },
    layers: [{ mediaType: mediaType("layer.v1.tar"), ...layer }],
  });
  writeFileSync(
    join(layout, "index.json"),
    JSON.stringify({
      schemaVersion: 2,
      manifests: names.map((name) => ({
        mediaType: mediaType("manifest.v1+json"),
        ...manifest,
        annotations: { "io.containerd.image.name": name },
      })),
    }),
  );
  writeFileSync(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  run("tar", ["-C", layout, "-cf", tar, "oci-layout", "index.json", "blobs"]);
  rmSync(layout, { recursive: true });
}
