import type { Properties, Value } from "../../offline/plan/values.ts";
import { containsUnknown, isUnknown } from "../../offline/plan/values.ts";
import type { Checked, StandIn, State, Subject } from "../standIn.ts";
import { CALLER } from "./accounts.ts";
import type { Cloud, Existing } from "./cloud.ts";
import { lastOf } from "./identifiers.ts";
import { invoke } from "./invokes.ts";
import type { ClusterAccess } from "./invokes.ts";
import { kindOf, partsOf } from "./kinds.ts";
import { withDefaults } from "./defaults.ts";
import { modelProblems } from "./modelCheck.ts";
import type { ModelProblems } from "./modelCheck.ts";
import { Refused } from "./refused.ts";
import { previewOutputs } from "./previewOutputs.ts";
import { refusalOf } from "./refusals.ts";
import { SdkTypes } from "./sdkTypes.ts";

export interface AzureOptions {
  readonly cloud: Cloud;
  /** The current day in Azure, `YYYY-MM-DD`; determines the available revisions. */
  readonly day: string;
  /** The API server of every cluster. */
  readonly access: ClusterAccess;
  /** The package.json of the program's SDK, whose declarations are the model of the API; undefined if it has none. */
  readonly sdk: string | undefined;
}

const NO_SDK =
  "its inputs cannot be checked, because @pulumi/azure-native is not installed in the program's directory";

/** Stands in for Azure Resource Manager behind the provider `azure-native`. */
export class Azure implements StandIn {
  readonly packageName = "azure-native";
  readonly #options: AzureOptions;
  readonly #types: SdkTypes;
  #location: string | undefined;

  constructor(options: AzureOptions) {
    this.#options = options;
    this.#types = new SdkTypes(options.sdk);
  }

  configure(config: Properties): void {
    const { location } = config;
    this.#location = typeof location === "string" && location !== "" ? location : undefined;
  }

  check(
    { type, name }: Subject,
    news: Properties,
    { olds, seed }: { readonly olds: Properties | undefined; readonly seed: string },
  ): Checked {
    const { path } = kindOf(type);
    const inputs = withDefaults(path, name, news, { olds, seed, location: this.#location });
    const missing = parametersOf(path).filter(
      (parameter) => parameter !== "subscriptionId" && inputs[parameter] === undefined,
    );
    return {
      inputs,
      problems: [
        ...(this.#options.sdk === undefined ? [NO_SDK] : []),
        ...missing.map((each) => `missing required property '${each}'`),
        ...this.#judge(type, inputs).check,
      ],
    };
  }

  replaces({ type }: Subject, path: string): boolean {
    const { path: id, immutable = [] } = kindOf(type);
    return ["location", ...parametersOf(id), ...immutable].some(
      (fixed) => path === fixed || path.startsWith(`${fixed}.`) || path.startsWith(`${fixed}[`),
    );
  }

  preview({ type }: Subject, inputs: Properties): Properties {
    const { module, name } = partsOf(type);
    return previewOutputs(this.#types.resource("outputs", module, name), inputs, this.#types);
  }

  create({ type }: Subject, inputs: Properties): State {
    const id = idOf(kindOf(type).path, inputs);
    const { cloud } = this.#options;
    // The provider checks for an existing resource before it creates one:
    // https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/azure/client_azcore.go
    if (cloud.find(id) !== undefined) {
      throw new Error(`cannot create already existing resource '${id}'`);
    }
    return this.#put(type, id, inputs, undefined);
  }

  read(_: Subject, id: string): State | undefined {
    return this.#options.cloud.find(id);
  }

  update({ type }: Subject, id: string, news: Properties): State {
    const before = this.#options.cloud.find(id);
    return this.#put(type, id, news, before);
  }

  delete(_: Subject, id: string): void {
    this.#options.cloud.delete(id);
  }

  invoke(token: string, args: Properties): Properties {
    return invoke(token, args, this.#options);
  }

  #judge(type: string, inputs: Properties): ModelProblems {
    const { module, name } = partsOf(type);
    return modelProblems(this.#types.resource("inputs", module, name), inputs, this.#types);
  }

  #put(type: string, id: string, inputs: Properties, before: Existing | undefined): State {
    const { cloud, day } = this.#options;
    // AKS accepts only values that its API lists.
    const invalid = this.#judge(type, inputs).invalid.find(
      ({ open }) => !open || partsOf(type).module === "containerservice",
    );
    if (invalid !== undefined) {
      throw new Refused(
        400,
        "InvalidParameter",
        `The value of parameter ${invalid.path} is invalid.`,
      );
    }
    const refusal = refusalOf({ type, id, inputs, before, cloud, day });
    if (refusal !== undefined) throw refusal;
    const kind = kindOf(type);
    const given = Object.entries(inputs).filter(([key]) => key !== "__createBeforeDelete");
    const resource: Existing = {
      id,
      type,
      inputs,
      outputs: {
        ...Object.fromEntries(given),
        ...kind.outputs?.(id, inputs, { day }),
        id,
        name: lastOf(id),
        provisioningState: "Succeeded",
      },
    };
    cloud.put(resource);
    return resource;
  }
}

/** The inputs that form an ID. */
export function parametersOf(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter = ""]) => parameter);
}

/** @throws Refused if a part is missing, as ARM would see it in the URL. */
function idOf(path: string, inputs: Properties): string {
  const id = path.replace(/\{(\w+)\}/g, (_, parameter: string) => {
    if (parameter === "subscriptionId") return CALLER.subscriptionId;
    const value: Value | undefined = inputs[parameter];
    if (typeof value !== "string" || value === "" || isUnknown(value) || containsUnknown(value)) {
      throw new Refused(
        400,
        "MissingParameter",
        `The request has no ${parameter}, which is part of the resource ID.`,
      );
    }
    return value;
  });
  return id.replace(/^\/\/+/, "/");
}
