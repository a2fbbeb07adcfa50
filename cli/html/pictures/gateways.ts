import type { Arrow, Box } from "../drawing/graph.ts";
import type { GatewayHost, Mesh, MeshGateway } from "../mesh/mesh.ts";

/** The boxes of gateways and of the hosts that they serve. */
export interface Entrances {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** A host of a gateway, on all of its ports. */
interface Entrance {
  readonly id: string;
  readonly host: string;
  readonly ports: readonly GatewayHost[];
}

/** @param boxOf the box that stands for a service, by its label; hosts without any are shown too, if `all` */
export function entrancesOf(
  { gateways }: Pick<Mesh, "gateways">,
  boxOf: (service: string) => string | undefined,
  all: boolean,
): Entrances {
  const parts = gateways.map((gateway) => {
    const hosts = entrances(gateway).map((entrance) => ({
      entrance,
      arrows: routesOf(entrance, boxOf),
    }));
    const shown = all ? hosts : hosts.filter(({ arrows }) => arrows.length > 0);
    if (!all && shown.length === 0) return { boxes: [], arrows: [] };
    return {
      boxes: [gatewayBox(gateway), ...shown.map(({ entrance }) => hostBox(entrance))],
      arrows: shown.flatMap(({ entrance, arrows }) => [
        { from: gateway.label, to: entrance.id, look: "may" } as const,
        ...arrows,
      ]),
    };
  });
  return {
    boxes: parts.flatMap(({ boxes }) => boxes),
    arrows: parts.flatMap(({ arrows }) => arrows),
  };
}

export function gatewayBox({ label, name, direction, hosts }: MeshGateway): Box {
  const none = direction === "ingress" && hosts.length === 0 ? "serves no host of the plan" : "";
  return {
    id: label,
    look: "gateway",
    lines: [
      { text: name, look: "title" },
      { text: `${direction} gateway`, look: "detail" },
      ...(none === "" ? [] : [{ text: none, look: "detail" } as const]),
    ],
  };
}

function entrances({ label, hosts }: MeshGateway): readonly Entrance[] {
  return [...new Set(hosts.map(({ host }) => host))].map((host) => ({
    id: `${label} ${host}`,
    host,
    ports: hosts.filter((one) => one.host === host),
  }));
}

function hostBox({ id, host, ports }: Entrance): Box {
  return {
    id,
    look: "host",
    lines: [
      { text: host, look: "title" },
      ...ports.map(({ port, tls, routes }) => {
        const [only] = routes;
        const answered = only?.service === undefined && only?.answer === "yes" ? only.what : "";
        const how = routes.length === 0 ? "no route" : answered;
        return {
          text: [`${port}${TLS[tls]}`, how].filter((part) => part !== "").join(" · "),
          look: "detail",
        } as const;
      }),
    ],
  };
}

const TLS: Readonly<Record<GatewayHost["tls"], string>> = {
  none: " plain text",
  terminated: " TLS",
  passthrough: " TLS, passed through",
};

const LOOKS = { yes: "may", unknown: "perhaps", no: "blocked" } as const;

function routesOf(
  { id, ports }: Entrance,
  boxOf: (service: string) => string | undefined,
): readonly Arrow[] {
  const arrows = ports
    .flatMap(({ routes }) => routes)
    .flatMap(({ service, answer }): readonly Arrow[] => {
      const to = service === undefined ? undefined : boxOf(service);
      return to === undefined ? [] : [{ from: id, to, look: LOOKS[answer] }];
    });
  return distinct(arrows);
}

const STRENGTH: readonly Arrow["look"][] = ["may", "perhaps", "blocked", "selects"];

/** One arrow between two boxes: the strongest. */
export function distinct(arrows: readonly Arrow[]): readonly Arrow[] {
  const found = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const key = `${arrow.from}\n${arrow.to}`;
    const other = found.get(key);
    if (other === undefined || STRENGTH.indexOf(arrow.look) < STRENGTH.indexOf(other.look)) {
      found.set(key, arrow);
    }
  }
  return [...found.values()];
}
