"use strict";
// A deployment asks a provider which outputs will exist and what an invoke returns. Offline there
// is no provider, so missing values are unknown: a property that is missing from a resource's
// outputs, at any depth, and every property of an invoke's result is an unknown output. As an input
// it stays unknown, where `undefined` would be dropped or throw.
const path = require("node:path");

const UNKNOWN_RESULT = "aks-istio:unknown-result";

/** Makes the SDK in a directory return unknown outputs for missing values. */
exports.answerUnknowns = (sdk) => {
  // Its modules depend on each other; loading the whole SDK keeps the intended order.
  const { Output } = require(sdk);
  const rpc = require(path.join(sdk, "runtime", "rpc.js"));
  const { deserializeProperties, resolveProperties } = rpc;

  rpc.deserializeProperties = (properties, keepUnknowns) => {
    const result = deserializeProperties(properties, keepUnknowns);
    return result[UNKNOWN_RESULT] === true ? openEnded({}) : result;
  };

  rpc.resolveProperties = (resource, resolvers, type, name, properties, ...rest) => {
    const known =
      resource.__pulumiCustomResource === true && type !== "pulumi:pulumi:StackReference";
    const outputs = known ? mapValues(properties, openEndedDeep) : properties;
    resolveProperties(resource, resolvers, type, name, outputs, ...rest);
  };

  function openEndedDeep(value) {
    if (Array.isArray(value)) return value.map(openEndedDeep);
    if (value === null || typeof value !== "object") return value;
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    if (rpc.isRpcSecret(value)) return { ...value, value: openEndedDeep(value.value) };
    return openEnded(mapValues(value, openEndedDeep));
  }

  /** An object that returns an unknown output for a missing property. */
  function openEnded(object) {
    return new Proxy(object, {
      // Promises check for `then`, and serializers for symbols and markers: those stay absent.
      get: (target, key) =>
        key in target || typeof key === "symbol" || /^(then|toJSON|__.*)$/.test(key)
          ? target[key]
          : unknownOutput(),
    });
  }

  function unknownOutput() {
    return new Output(
      new Set(),
      Promise.resolve(undefined),
      Promise.resolve(false),
      Promise.resolve(false),
      Promise.resolve(new Set()),
    );
  }
};

function mapValues(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
