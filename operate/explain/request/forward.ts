import { selects } from "../../../mesh/labelSelector.ts";
import { labelOf } from "../../cluster/clusterObject.ts";
import { arrive } from "./arrival.ts";
import { clientModeOf, clientRules, subsetOf } from "./clientRule.ts";
import { hostMatches } from "./hosts.ts";
import { namespaceOf } from "./objects.ts";
import { isGateway, partiesOf } from "./parties.ts";
import { ended, open, passed } from "./request.ts";
import type { Call, RequestStep, Sent } from "./request.ts";
import { isPublished, podsBehind, selectorOf, targetPort } from "./service.ts";
import type { MeshService } from "./service.ts";
import { throughGateway } from "./throughGateway.ts";
import type { World } from "./world.ts";

/** The service of a host: a name goes before a wildcard, and a Service before a ServiceEntry. */
export function serviceFor(
  services: readonly MeshService[],
  host: string,
): MeshService | undefined {
  return (
    services.find(({ hosts }) => hosts.includes(host)) ??
    services.find(({ hosts }) => hosts.some((one) => hostMatches(one, host)))
  );
}

/** The steps from the sender's proxy to the pods of a service. */
export function forward(sent: Sent, world: World): readonly RequestStep[] {
  const { sender, call, target, proxied } = sent;
  const service = serviceFor(world.services, target.host);
  const unavailable = proxied === "no" ? "fails: connection refused" : "fails: 503";
  if (service === undefined) {
    return [
      ended("service", unavailable, {
        message: `The destination ${target.host} is no Service and no ServiceEntry.`,
        fix: "Correct the host of the route, or create the Service.",
      }),
    ];
  }
  const { object, ports } = service;
  const label = labelOf(object);
  const [only, ...others] = ports;
  const number =
    target.port ?? (others.length === 0 && only !== undefined ? only.number : call.port);
  const port = ports.find((one) => one.number === number);
  if (port === undefined) {
    const has = ports.map((one) => `${one.number}${one.name === "" ? "" : ` (${one.name})`}`);
    return [
      ended("service", unavailable, {
        message: `${label} has no port ${number}. It has ${has.join(", ") || "none"}.`,
        fix: "Call one of its ports, or add this one.",
        by: `${label} spec.ports`,
      }),
    ];
  }
  const rules =
    proxied === "yes"
      ? clientRules(
          world.all("networking.istio.io/DestinationRule"),
          sender,
          target.host,
          namespaceOf(object),
        )
      : [];
  const subset = target.subset === undefined ? undefined : subsetOf(rules, target.subset);
  if (target.subset !== undefined && subset === undefined) {
    return [
      ended("subset", "fails: 503", {
        message: `No DestinationRule of ${target.host} that the sender applies has the subset ${target.subset}.`,
        fix: "Add the subset to the DestinationRule, or remove it from the route.",
        ...(rules[0] === undefined ? {} : { by: `${labelOf(rules[0])} spec.subsets` }),
      }),
    ];
  }
  const clientMode = clientModeOf(rules, subset, number);
  const arriving: Call = { ...call, protocol: port.protocol };
  if (service.isExternal) {
    const tls = clientMode === undefined ? "" : ` The proxy's TLS mode is ${clientMode.mode}.`;
    return [
      passed("service", `The request leaves the mesh to ${target.host}:${number}.${tls}`, label),
    ];
  }
  if (selectorOf(service) === undefined) {
    return [
      open(
        "endpoints",
        `${label} has no selector, so its endpoints are not known.`,
        object.kind === "Service" ? "Look at its EndpointSlices." : "Look at its endpoints.",
        `${label} spec`,
      ),
    ];
  }
  const pods = podsBehind(service, world.all("Pod")).filter((pod) =>
    selects({ matchLabels: subset?.labels ?? {} }, pod.metadata.labels ?? {}),
  );
  if (pods.length === 0 && object.kind === "ServiceEntry") {
    const message = `${label} selects no pod; whether it selects a WorkloadEntry is not known.`;
    return [open("endpoints", message, "Look at the WorkloadEntries.", `${label} spec`)];
  }
  const published = pods.filter((pod) => isPublished(service, pod));
  const ready = published.filter((pod) => targetPort(port, [pod]) !== undefined);
  const what = subset === undefined ? label : `${label}, subset ${target.subset ?? ""}`;
  if (published.length > 0 && ready.length === 0) {
    return [
      ended("endpoints", unavailable, {
        message: `No container of the pods that ${what} selects has a port of the name ${port.target}.`,
        fix: "Correct targetPort of the Service, or name the port of the container.",
        by: `${label} spec.ports`,
      }),
    ];
  }
  if (ready.length === 0) {
    return [
      ended("endpoints", unavailable, {
        message: `${what} selects ${pods.length === 0 ? "no pod" : `${pods.length} pods, and none is ready`}.`,
        fix:
          pods.length === 0
            ? "Correct the selector, or start the pods."
            : "Find out why the pods are not ready: kubectl describe pod.",
        by: subset?.place ?? `${label} spec.selector`,
      }),
    ];
  }
  const found = passed(
    "service",
    `${what} has the port ${number} and ${ready.length} ready ${ready.length === 1 ? "pod" : "pods"}.`,
    label,
  );
  const arrivals = partiesOf(ready).map((receiver) =>
    isGateway(receiver)
      ? throughGateway(
          receiver,
          {
            sender,
            call: { ...call, port: number },
            hops: sent.hops - 1,
            clientMode,
            send: (next) => forward(next, world),
          },
          world,
        )
      : arrive(
          { ...sent, call: arriving, clientMode, receiver, port: targetPort(port, receiver.pods) },
          world,
        ),
  );
  return [found, ...distinct(arrivals)];
}

/** The steps of all arrivals. Those that are the same for several are said once. */
function distinct(arrivals: readonly (readonly RequestStep[])[]): readonly RequestStep[] {
  const seen = new Map<string, RequestStep>();
  for (const step of arrivals.flat()) seen.set(JSON.stringify(step), step);
  return [...seen.values()];
}
