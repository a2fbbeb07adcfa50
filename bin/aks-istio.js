#!/usr/bin/env node
"use strict";
// The sources are TypeScript and run as they stand; types are stripped on load, never checked here.
require("./register.js");
require("../cli/main.ts");
