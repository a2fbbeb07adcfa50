"use strict";
const path = require("node:path");

/**
 * The SDK keeps a stack trace of every promise it creates, to explain promises that never settle. In a large program
 * that costs more than everything else. The SDK in the directory still detects such promises without the traces; set
 * PULUMI_DEBUG_PROMISE_LEAKS to get them.
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
