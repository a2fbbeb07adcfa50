"use strict";
// Strips the types of TypeScript sources on load, and checks nothing. What is stripped is kept by
// the hash of its source, so it is never stale, and a second run does not load the compiler at all:
// a process with a hundred small files starts half a second sooner. An entry begins with its own
// hash: what a power cut or a restored cache made of it is stripped again.
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { version } = require("sucrase/package.json");

const cache = path.join(__dirname, "..", "node_modules", ".cache", "aks-istio");

require.extensions[".ts"] = (module, file) => {
  module._compile(stripped(fs.readFileSync(file, "utf8"), file), file);
};

function stripped(source, file) {
  const entry = path.join(cache, `${hashOf(version + source)}.js`);
  const kept = codeIn(entry);
  if (kept !== undefined) return kept;
  const options = { transforms: ["typescript", "imports"], filePath: file };
  const { code } = require("sucrase").transform(source, options);
  keep(entry, code);
  return code;
}

function hashOf(text) {
  return createHash("sha256").update(text).digest("hex");
}

/** What an entry holds; undefined where there is none that is whole. */
function codeIn(entry) {
  try {
    const text = fs.readFileSync(entry, "utf8");
    const end = text.indexOf("\n");
    const code = text.slice(end + 1);
    return text.slice(0, end) === `// ${hashOf(code)}` ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Where the cache cannot be written, the next run strips again. */
function keep(entry, code) {
  const draft = `${entry}.${process.pid}`;
  try {
    fs.mkdirSync(cache, { recursive: true });
    fs.writeFileSync(draft, `// ${hashOf(code)}\n${code}`);
    fs.renameSync(draft, entry);
  } catch {
    try {
      fs.rmSync(draft, { force: true });
    } catch {
      // Not even the folder is one.
    }
  }
}
