"use strict";
// Only for speed: AKS_ISTIO_PLAIN_SDK=1 disables it and gives the same plan. Four habits of the SDK cost more than
// everything else in a large program:
// - It loads the TypeScript compiler, for functions that a program may serialize. Here it is loaded with the first such
//   function.
// - It logs each step of each resource to the engine, one message at a time. The messages are not shown here, nor by the
//   CLI without --debug.
// - It keeps a stack trace of every promise that it creates.
// - It maps its own frames to its own sources, which are not installed. Node 20 then searches the text of an error for
//   them for up to a minute (`util.inspect` with colours).
const fs = require("node:fs");
const path = require("node:path");
const { untracePromises } = require("./promiseTraces.js");

const NO_MAPPINGS = { version: 3, sources: [], names: [], mappings: "" };
const ofPackages = path.join("node_modules", "@pulumi", path.sep);

/** Speeds up the SDK in a directory. */
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

  // Its modules depend on each other; loading the whole SDK keeps the intended order.
  require(sdk);

  require(path.join(sdk, "log", "index.js")).debug = () => Promise.resolve();

  untracePromises(sdk);

  require(require.resolve("source-map-support", { paths: [sdk] })).install({
    retrieveSourceMap: (file) =>
      file.includes(ofPackages) ? { url: file, map: NO_MAPPINGS } : null,
  });
};
