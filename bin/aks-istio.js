#!/usr/bin/env node
"use strict";
// The sources are TypeScript and run without a build: types are stripped on load and never checked
// here.
require("./register.js");
require("../cli/main.ts");
