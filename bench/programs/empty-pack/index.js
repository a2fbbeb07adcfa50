"use strict";
const { PolicyPack } = require("@pulumi/policy");

// One policy that could remediate a resource but never does: the engine does not even ask a pack that remediates
// nothing.
new PolicyPack("empty", {
  policies: [
    {
      name: "corrects-nothing",
      description: "Corrects nothing.",
      enforcementLevel: "remediate",
      remediateResource: () => undefined,
    },
  ],
});
