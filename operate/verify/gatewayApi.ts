import { labelOf, textAt } from "../cluster/clusterObject.ts";
import { conditionProblem } from "../cluster/conditions.ts";
import { sayings } from "../sayings.ts";
import type { Check } from "./check.ts";

/** The class of the gateways that istiod creates. @see https://learn.microsoft.com/azure/aks/istio-gateway-api */
export const ISTIO_GATEWAY_CLASS = "istio";

const say = sayings("gateway-api");

/**
 * Whether istiod has created every gateway of the Gateway API.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayconditiontype
 */
export const gatewayApi: Check = {
  name: "gateway-api",
  kinds: ["gateway.networking.k8s.io/Gateway"],
  judge({ state }) {
    const judged = state
      .all("gateway.networking.k8s.io/Gateway")
      .filter((gateway) => textAt(gateway, "spec", "gatewayClassName") === ISTIO_GATEWAY_CLASS)
      .map((gateway) => {
        const problem = conditionProblem(gateway, "Programmed");
        const { name, namespace = "" } = gateway.metadata;
        return problem === undefined
          ? say.passed(labelOf(gateway), "istiod has programmed it.")
          : say.failed(labelOf(gateway), `It ${problem}.`, "Its status says what is missing.", [
              `kubectl describe gateways.gateway.networking.k8s.io ${name} --namespace ${namespace}`,
            ]);
      });
    return judged.length > 0 ? judged : [say.passed("gateways", "istiod creates none.")];
  },
};
