import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

/** Free ports on loopback. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  await Promise.all(
    servers.map((server) => {
      server.listen(0, "127.0.0.1");
      return once(server, "listening");
    }),
  );
  const ports = servers.map((server) => {
    // A server that listens on a port has no other kind of address.
    const { port } = server.address() as AddressInfo;
    server.close();
    return port;
  });
  return ports;
}
