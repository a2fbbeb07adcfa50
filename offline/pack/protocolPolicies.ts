import type { AnalyzerInfo, PolicyInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { PolicyConfig, EnforcementLevel as Level } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { EnforcementLevel } from "../plan/plan.ts";
import type { Properties } from "../plan/values.ts";
import { LEVELS } from "./policySettings.ts";
import type { DescribedPack, DescribedPolicy, PolicySetting } from "./policySettings.ts";

/** A pack and its policies, from the messages of the protocol. */
export function describedPack(info: AnalyzerInfo): DescribedPack {
  // The protocol's own map also returns properties that every object inherits.
  const initials = new Map<string, PolicyConfig>();
  info.getInitialconfigMap().forEach((initial, name) => initials.set(name, initial));
  return {
    name: info.getName(),
    policies: info
      .getPoliciesList()
      .map((policy) => described(policy, initials.get(policy.getName()))),
  };
}

function described(policy: PolicyInfo, initial: PolicyConfig | undefined): DescribedPolicy {
  const schema = policy.getConfigschema();
  return {
    name: policy.getName(),
    level: levelOf(policy.getEnforcementlevel()),
    ...(schema && {
      schema: {
        properties: propertiesOf(schema.getProperties()),
        required: schema.getRequiredList(),
      },
    }),
    ...(initial && {
      initial: {
        level: levelOf(initial.getEnforcementlevel()),
        properties: propertiesOf(initial.getProperties()),
      },
    }),
  };
}

function propertiesOf(struct: Struct | undefined): Properties {
  return struct?.toJavaScript() ?? {};
}

/**
 * The name of a protocol level. A level that this tool does not know may stop a deployment, so it counts as mandatory.
 */
export function levelOf(code: Level): EnforcementLevel {
  return (
    LEVELS[[Level.ADVISORY, Level.MANDATORY, Level.DISABLED, Level.REMEDIATE].indexOf(code)] ??
    "mandatory"
  );
}

/** The setting as a protocol message for the pack. */
export function toMessage({ level: name, properties }: PolicySetting): PolicyConfig {
  const message = new PolicyConfig();
  message.setEnforcementlevel(Level[name.toUpperCase() as Uppercase<EnforcementLevel>]);
  message.setProperties(Struct.fromJavaScript(properties));
  return message;
}
