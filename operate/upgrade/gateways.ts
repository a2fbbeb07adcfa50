import { REVISION_LABEL } from "../../mesh/names.ts";
import { labelOf, textAt } from "../cluster/clusterObject.ts";
import type { UpgradeCheck } from "./check.ts";
import { startedRevision, stayingRevision, stoppedRevision } from "./revisions.ts";

/** The class of gateways that the add-on runs. */
const CLASS = "istio";

/**
 * Whether Gateways of the Gateway API say which revision owns them. As soon as two revisions run, the newer one takes
 * those that do not.
 *
 * @see https://learn.microsoft.com/azure/aks/istio-gateway-api#create-kubernetes-gateway-and-httproute
 * @see https://github.com/istio/istio/blob/master/pkg/revisions/tag_watcher.go
 */
export const gateways: UpgradeCheck = {
  name: "upgrade-gateways",
  kinds: ["gateway.networking.k8s.io/Gateway", "Namespace"],
  judge: (upgrade, observe) => {
    const { state } = upgrade;
    const [started, stopped] = [startedRevision(upgrade), stoppedRevision(upgrade)];
    const ofNamespace = new Map(
      state.all("Namespace").map(({ metadata }) => [metadata.name, metadata.labels]),
    );
    const all = state
      .all("gateway.networking.k8s.io/Gateway")
      .filter((gateway) => textAt(gateway, "spec", "gatewayClassName") === CLASS);
    const found = all.flatMap((gateway) => {
      const { name, namespace = "", labels } = gateway.metadata;
      const own = labels?.[REVISION_LABEL];
      const owner = own ?? ofNamespace.get(namespace)?.[REVISION_LABEL];
      const label = (revision: string) => [
        `kubectl label gateways.gateway.networking.k8s.io/${name} ${REVISION_LABEL}=${revision} --overwrite --namespace ${namespace}`,
      ];
      if (owner === undefined) {
        return [
          observe(
            started === undefined ? "warning" : "failed",
            labelOf(gateway),
            started === undefined
              ? `Neither it nor its namespace has the label ${REVISION_LABEL}, so the newest revision that runs owns it.`
              : `Neither it nor its namespace has the label ${REVISION_LABEL}, so ${started} takes it over as soon as it starts.`,
            {
              fix: "Set the label to the revision that is to own it.",
              commands: label(upgrade.mesh.settings.revision),
            },
          ),
        ];
      }
      return owner === stopped && own !== undefined
        ? [
            observe("failed", labelOf(gateway), `${stopped} owns it, which the next step stops.`, {
              fix: "Set its label to the revision that stays.",
              commands: label(stayingRevision(upgrade)),
            }),
          ]
        : [];
    });
    return found.length > 0 || all.length === 0
      ? found
      : [observe("passed", "Gateways", "Every Gateway has a revision that owns it.")];
  },
};
