"use strict";
const { PolicyPack } = require("@pulumi/policy");

// One policy that could correct a resource and never does: a pack that corrects nothing is not even asked to.
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
