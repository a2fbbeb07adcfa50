"use strict";
const { PolicyPack } = require("@pulumi/policy");

const GROUP = "azure-native:resources:ResourceGroup";
const CLUSTER = "azure-native:containerservice:ManagedCluster";

/** Advises; its level is the pack's. */
const groupHasOwner = {
  name: "group-has-owner",
  description: "A resource group names its owner.",
  severity: "low",
  validateResource: ({ type, props }, reportViolation) => {
    if (type === GROUP && props.tags?.owner === undefined) {
      reportViolation("The tag owner is missing.");
    }
  },
};

/** Has settings; with the defaults of its schema, a cluster of three nodes is too large. */
const clusterSize = {
  name: "cluster-size",
  description: "A cluster keeps within its budget.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Lower the count of the pool.",
  url: "https://learn.microsoft.com/azure/aks/scale-cluster",
  configSchema: {
    properties: {
      maxNodes: { type: "integer", minimum: 1, default: 2 },
      exemptPools: { type: "array", items: { type: "string" }, default: [] },
    },
  },
  validateResource: ({ type, props, getConfig }, reportViolation) => {
    if (type !== CLUSTER) return;
    const { maxNodes, exemptPools } = getConfig();
    for (const { name, count } of props.agentPoolProfiles ?? []) {
      if (count > maxNodes && !exemptPools.includes(name)) {
        reportViolation(`Pool ${name} has ${count} nodes; at most ${maxNodes} are allowed.`);
      }
    }
  },
};

/** Remediates what it reports, before the others run. */
const groupHasTeam = {
  name: "group-has-team",
  description: "A resource group names its team.",
  enforcementLevel: "remediate",
  severity: "medium",
  remediateResource: ({ type, props }) =>
    type === GROUP && props.tags?.team === undefined
      ? { ...props, tags: { ...props.tags, team: "platform" } }
      : undefined,
  validateResource: ({ type, props }, reportViolation) => {
    if (type === GROUP && props.tags?.team === undefined) {
      reportViolation("The tag team is missing.");
    }
  },
};

/** Judges all resources together. */
const oneCluster = {
  name: "one-cluster",
  description: "A stack has one cluster at most.",
  enforcementLevel: "mandatory",
  severity: "medium",
  validateStack: ({ resources }, reportViolation) => {
    const [, ...others] = resources.filter(({ type }) => type === CLUSTER);
    for (const { name, urn } of others) reportViolation(`${name} is one too many.`, urn);
  },
};

new PolicyPack("advisory-pack", {
  displayName: "Advisory pack",
  policies: [groupHasOwner, clusterSize, groupHasTeam, oneCluster],
});
