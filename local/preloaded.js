"use strict";
// Loaded into a previewed program before it starts. Node.js loads it again into every worker, and into every process
// that the program starts with `process.execArgv`. Those are not told where the SDK is, and run as they would without it.
const { AKS_ISTIO_SDK: sdk, AKS_ISTIO_PLAIN_SDK: plain } = process.env;

if (sdk !== undefined) {
  delete process.env.AKS_ISTIO_SDK;
  if (plain !== "1") require("./quickSdk.js").quicken(sdk);
  require("./unknowns.js").answerUnknowns(sdk);
}
