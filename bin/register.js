"use strict";
// Strips the types of this package's own TypeScript on load. `sucrase/register` alone would skip
// the package when it is installed below node_modules.
const path = require("node:path");
const { addHook } = require("sucrase/dist/register");

const root = path.dirname(__dirname) + path.sep;
addHook(
  ".ts",
  { transforms: ["typescript", "imports"] },
  {
    ignoreNodeModules: false,
    matcher: (file) =>
      file.startsWith(root) && !file.slice(root.length).startsWith("node_modules" + path.sep),
  },
);
