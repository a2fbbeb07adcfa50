"use strict";
// For speed alone; AKS_ISTIO_PLAIN_SDK=1 previews without it, and plans the same. Four habits of the
// SDK cost more than all else that a large program does:
// - it loads the TypeScript compiler, for functions that a program may serialize. It is loaded here
//   when the first one is.
// - it tells the engine of each step with each resource, one message after the other. They are not
//   shown here, nor by the CLI without --debug.
// - it keeps a stack trace of every promise that it makes.
// - it maps its own frames to its own sources, which are not there. Node 20 then looks for them in
//   the text of an error for up to a minute (`util.inspect` with colours).
const fs = require("node:fs");
const path = require("node:path");
const { untracePromises } = require("./promiseTraces.js");

const NO_MAPPINGS = { version: 3, sources: [], names: [], mappings: "" };
const ofPackages = path.join("node_modules", "@pulumi", path.sep);

/** Breaks the SDK in a directory of those habits. */
exports.quicken = (sdk) => {
  const compiler = path.join(sdk, "typescript-shim.js");
  if (fs.existsSync(compiler)) {
    const id = require.resolve(compiler);
    const loaded = () => {
      if (require.cache[id] === later) delete require.cache[id];
      return require(id);
    };
    const exports = new Proxy({}, { get: (_, key) => loaded()[key] });
    const later = { id, filename: id, loaded: true, exports };
    require.cache[id] = later;
  }

  // Its parts need each other; whole, they load in the order that it intends.
  require(sdk);

  require(path.join(sdk, "log", "index.js")).debug = () => Promise.resolve();

  untracePromises(sdk);

  require(require.resolve("source-map-support", { paths: [sdk] })).install({
    retrieveSourceMap: (file) =>
      file.includes(ofPackages) ? { url: file, map: NO_MAPPINGS } : null,
  });
};
