"use strict";
const path = require("node:path");

/**
 * To explain a promise that never settles, the SDK in a directory keeps a stack trace of every promise that it makes,
 * which costs more than all else that a large program does. It finds such promises without them, too;
 * PULUMI_DEBUG_PROMISE_LEAKS asks for their traces.
 */
exports.untracePromises = (sdk) => {
  const debuggable = require(path.join(sdk, "runtime", "debuggable.js"));
  if (debuggable.debugPromiseLeaks || debuggable.untraced) return;
  debuggable.untraced = true;
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
};
