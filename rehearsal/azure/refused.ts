/** What Azure Resource Manager answers in the place of carrying something out, as the provider words it. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(status: number, code: string, message: string) {
    super(`Status=${status} Code="${code}" Message="${message}"`);
  }
}
