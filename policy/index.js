"use strict";
// Starts the pack from its sources, so there is no build output that could be stale. The hook replaces ts-node, which
// run-policy-pack has registered and which would check every type.
require("../bin/register.js");
require("./index.ts");
