import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { Server, Socket } from "node:net";

/** A port, or the path of a Unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/** A proxy to a server that can be closed. Through a Unix socket, it also connects network namespaces. */
export class Door {
  readonly #at: Address;
  readonly #target: Address;
  readonly #through = new Set<Socket>();
  #server: Server;

  private constructor(server: Server, at: Address, target: Address) {
    this.#server = server;
    this.#at = at;
    this.#target = target;
    this.#lead(server);
  }

  /** Listens on a free loopback port by default. */
  static async open(target: Address, at: Address = { host: "127.0.0.1", port: 0 }): Promise<Door> {
    const server = createServer().listen(at);
    await once(server, "listening");
    const now = server.address();
    const port = typeof now === "object" ? now?.port : undefined;
    return new Door(server, "path" in at || port === undefined ? at : { ...at, port }, target);
  }

  get port(): number {
    if ("path" in this.#at) throw new Error(`${this.#at.path} is not a port.`);
    return this.#at.port;
  }

  shut(): void {
    this.#server.close();
    for (const socket of this.#through) socket.destroy();
    this.#through.clear();
  }

  async reopen(): Promise<void> {
    this.#server = createServer();
    this.#lead(this.#server);
    this.#server.listen(this.#at);
    await once(this.#server, "listening");
  }

  #lead(server: Server): void {
    server.on("connection", (from) => {
      const to = connect(this.#target);
      for (const [one, other] of [
        [from, to],
        [to, from],
      ] as const) {
        this.#through.add(one);
        one.pipe(other);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          this.#through.delete(one);
          // What it still has to write is the end of a response.
          other.destroySoon();
        });
      }
    });
  }
}
