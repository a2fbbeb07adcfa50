"use strict";
// Loaded into a previewed program before it starts. To explain a promise that never settles, the SDK
// keeps a stack trace of every promise that it makes: about a third of the time of a large program.
// It still finds such promises; only PULUMI_DEBUG_PROMISE_LEAKS asks for their traces.
const path = require("node:path");

if (process.env.PULUMI_DEBUG_PROMISE_LEAKS === undefined) {
  const sdk = path.resolve(path.dirname(process.argv[1]), "..", "..");
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
