"use strict";
// Starts the pack from its sources, so that there is nothing to build and nothing stale.
// run-policy-pack has put ts-node before us, which would type check every file on every start.
delete require.extensions[".ts"];
require("../bin/register.js");
require("./index.ts");
