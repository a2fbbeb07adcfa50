/** The pack of this project, whose policies have pages. */
const OWN_PACK = "aks-istio-policies";

/** The command that shows the page of a policy; undefined for the policy of another pack. */
export function explanationOf(policy: string, pack: string): string | undefined {
  return pack === OWN_PACK ? `aks-istio explain ${policy}` : undefined;
}
