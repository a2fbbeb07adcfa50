"use strict";
// Loaded into a previewed program before it starts, for speed alone. Two habits of the SDK cost more
// than all else that a large program does, and serve only those who debug the SDK itself:
// - to explain a promise that never settles, it keeps a stack trace of every promise that it makes.
//   It still finds such promises; PULUMI_DEBUG_PROMISE_LEAKS asks for their traces.
// - it maps its own frames to its own sources, which are not there. Node 20 then looks for them in
//   the text of an error for up to a minute (`util.inspect` with colours).
const path = require("node:path");

const sdk = path.resolve(path.dirname(process.argv[1]), "..", "..");

if (process.env.PULUMI_DEBUG_PROMISE_LEAKS === undefined) {
  const debuggable = require(path.join(sdk, "runtime", "debuggable.js"));
  const { debuggablePromise } = debuggable;
  debuggable.debuggablePromise = (promise, context) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

const NO_MAPPINGS = { version: 3, sources: [], names: [], mappings: "" };
const ofPackages = path.join("node_modules", "@pulumi", path.sep);

require(require.resolve("source-map-support", { paths: [sdk] })).install({
  retrieveSourceMap: (file) => (file.includes(ofPackages) ? { url: file, map: NO_MAPPINGS } : null),
});
