import type { Properties } from "../offline/plan/values.ts";
import { CALLER } from "./azure/accounts.ts";
import { guidOf } from "./azure/identifiers.ts";
import type { Checked, StandIn, State, Subject } from "./standIn.ts";

/** Stands in for Microsoft Entra ID behind the provider `azuread`: each object has its inputs and an object ID. */
export class Entra implements StandIn {
  readonly packageName = "azuread";
  readonly #objects = new Map<string, State>();
  #made = 0;

  configure(): void {
    // There is one tenant.
  }

  check(_: Subject, news: Properties): Checked {
    return { inputs: news, problems: [] };
  }

  replaces(): boolean {
    return false;
  }

  preview(_: Subject, inputs: Properties): Properties {
    return inputs;
  }

  create({ type, name }: Subject, inputs: Properties): State {
    const { displayName, preventDuplicateNames } = inputs;
    const taken = [...this.#objects.values()].find(
      ({ outputs }) => outputs["type"] === type && outputs["displayName"] === displayName,
    );
    if (preventDuplicateNames === true && taken !== undefined) {
      // https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/tf/errors.go
      throw new Error(
        `A resource with the ID "${taken.id}" already exists - to be managed via Terraform this resource needs to be imported into the State. Please see the resource documentation for "${type}" for more information.`,
      );
    }
    const objectId = guidOf(`${type} ${name} ${(this.#made += 1)}`);
    return this.#put(objectId, { ...inputs, type });
  }

  read(_: Subject, id: string): State | undefined {
    return this.#objects.get(id);
  }

  update({ type }: Subject, id: string, news: Properties): State {
    return this.#put(id, { ...news, type });
  }

  delete(_: Subject, id: string): void {
    this.#objects.delete(id);
  }

  invoke(token: string): Properties {
    if (token.endsWith(":getClientConfig")) return { ...CALLER };
    throw new Error(`${token} has no stand-in.`);
  }

  get objects(): readonly State[] {
    return [...this.#objects.values()];
  }

  #put(id: string, given: Properties): State {
    const objectId = id.slice(id.lastIndexOf("/") + 1);
    const state = { id, outputs: { ...given, objectId } };
    this.#objects.set(id, state);
    return state;
  }
}
