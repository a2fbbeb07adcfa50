"use strict";
// Starts the pack from its sources, so that there is nothing to build and nothing stale. The hook
// takes the place of ts-node, which run-policy-pack has put there and which would check every type.
require("../bin/register.js");
require("./index.ts");
