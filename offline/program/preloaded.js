"use strict";
// Loaded into a previewed program before it starts. Node.js loads it again into every worker, and into every process
// that the program starts with `process.execArgv`. Those do not get the path of the SDK, so they run unchanged.
const { AKS_ISTIO_SDK: sdk, AKS_ISTIO_PLAIN_SDK: plain } = process.env;

if (sdk !== undefined) {
  // The SDK prints errors in colours, which are useless here. Node 20 hangs on a frame such as
  // `node_modules/@pulumi/resource.ts`, which has a scope and no package.
  const util = require("node:util");
  util.inspect = new Proxy(util.inspect, {
    apply: (inspect, self, [value, options, ...rest]) => {
      const plainly = options?.colors === true ? { ...options, colors: false } : options;
      return Reflect.apply(inspect, self, [value, plainly, ...rest]);
    },
  });
  delete process.env.AKS_ISTIO_SDK;
  if (plain !== "1") require("./sdkStartup.js").quicken(sdk);
  require("./unknowns.js").answerUnknowns(sdk);
}
