import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Azure } from "../../../operate/azure/azure.ts";
import { clientOptions } from "../../../operate/azure/azure.ts";
import { localhostCertificate } from "./certificate.ts";
import { ArmError, answerTo } from "./routes.ts";
import { PRINCIPAL, SUBSCRIPTION, healthyWorld } from "./world.ts";
import type { World } from "./world.ts";

/** A refusal that the stand-in gives instead of an answer. */
interface Fault {
  /** Matches the method and the path, such as `/GET .*\/features\//`. */
  readonly on: RegExp;
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** How often. @default always */
  times?: number;
}

const PAGE = 2;
const SECRET_OF_IDENTITY = "header-of-the-identity-endpoint";

/** The token of the stand-in. It must appear in no output. */
export const TOKEN = [
  { alg: "none", typ: "JWT" },
  { oid: PRINCIPAL, aud: "https://management.azure.com" },
  "signature-of-the-token",
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .join(".");

/**
 * Stands in for Azure Resource Manager and Microsoft Graph on this machine, and for the identity of a machine in App
 * Service, so that commands sign in as documented.
 */
export class Arm {
  readonly world: World = healthyWorld();
  /** The requests so far, such as `GET /subscriptions`. */
  readonly asked: string[] = [];
  readonly #faults: Fault[] = [];
  readonly #servers: Server[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "arm-"));
  readonly #certificate = localhostCertificate();
  #port = 0;
  #identityPort = 0;

  static async start(): Promise<Arm> {
    const arm = new Arm();
    const { certificate: cert, key } = arm.#certificate;
    arm.#port = await arm.#listen(
      createServer({ cert, key }, (request, response) => {
        arm.#answer(request, response);
      }),
    );
    arm.#identityPort = await arm.#listen(createHttpServer(identity));
    writeFileSync(arm.#ca, cert);
    return arm;
  }

  async stop(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
    rmSync(this.#folder, { recursive: true });
  }

  refuse(fault: Fault): void {
    this.#faults.push(fault);
  }

  /** How a process signs in to it: managed identity, and Pulumi's way to name another Resource Manager. */
  get environment(): Readonly<Record<string, string>> {
    return {
      // https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
      IDENTITY_ENDPOINT: `http://localhost:${this.#identityPort}/msi/token`,
      IDENTITY_HEADER: SECRET_OF_IDENTITY,
      // https://www.pulumi.com/registry/packages/azure-native/installation-configuration
      ARM_METADATA_HOSTNAME: `localhost:${this.#port}`,
      // https://nodejs.org/api/cli.html#node_extra_ca_certsfile
      NODE_EXTRA_CA_CERTS: this.#ca,
      ARM_SUBSCRIPTION_ID: SUBSCRIPTION,
    };
  }

  /** A connection of this process. */
  get azure(): Azure {
    const cloud = {
      resourceManager: this.#url,
      authority: `${this.#url}/login`,
      audience: "https://management.azure.com",
      graph: `${this.#url}/graph`,
    };
    return {
      subscriptionId: SUBSCRIPTION,
      cloud,
      credential: {
        getToken: () => Promise.resolve({ token: TOKEN, expiresOnTimestamp: Date.now() + 3600e3 }),
      },
      options: { ...clientOptions(cloud), tlsOptions: { ca: this.#certificate.certificate } },
      principalId: PRINCIPAL,
    };
  }

  get #url(): string {
    return `https://localhost:${this.#port}`;
  }

  get #ca(): string {
    return join(this.#folder, "ca.pem");
  }

  async #listen(server: Server): Promise<number> {
    this.#servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return (server.address() as AddressInfo).port;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(`${this.#url}${request.url ?? "/"}`);
    const line = `${request.method ?? ""} ${url.pathname}`;
    this.asked.push(line);
    const fault = this.#faults.find(({ on, times }) => on.test(line) && times !== 0);
    if (fault !== undefined) {
      if (fault.times !== undefined) fault.times -= 1;
      refuse(response, fault);
      return;
    }
    if (url.pathname === "/metadata/endpoints") {
      reply(response, 200, [this.#endpoints]);
      return;
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) {
      refuse(response, {
        status: 401,
        code: "AuthenticationFailed",
        message: "Authentication failed. The 'Authorization' header is missing.",
      });
      return;
    }
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      try {
        const body: unknown = text === "" ? undefined : JSON.parse(text);
        const answer = answerTo(this.world, request.method ?? "GET", url, body);
        reply(response, 200, Array.isArray(answer) ? page(answer, url) : answer);
      } catch (error) {
        if (!(error instanceof ArmError)) throw error;
        refuse(response, error);
      }
    });
  }

  /** @see https://learn.microsoft.com/azure-stack/user/azure-stack-version-profiles-azurecli2#connect-to-azure-stack-hub */
  get #endpoints() {
    return {
      name: "AzureStandIn",
      resourceManager: `${this.#url}/`,
      authentication: {
        loginEndpoint: `${this.#url}/login/`,
        audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
        tenant: "common",
      },
      microsoftGraphResourceId: `${this.#url}/graph/`,
    };
  }
}

/** @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference */
function identity(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers["x-identity-header"] !== SECRET_OF_IDENTITY) {
    reply(response, 401, { message: "wrong header" });
    return;
  }
  reply(response, 200, {
    access_token: TOKEN,
    expires_on: String(Math.floor(Date.now() / 1000) + 3600),
    resource: new URL(request.url ?? "/", "http://localhost").searchParams.get("resource"),
    token_type: "Bearer",
  });
}

/**
 * A page of a list, with the link to the next one.
 *
 * @see https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#collections
 */
function page(items: readonly unknown[], url: URL): object {
  const from = Number(url.searchParams.get("$skiptoken") ?? 0);
  const next = new URL(url);
  next.searchParams.set("$skiptoken", String(from + PAGE));
  const value = items.slice(from, from + PAGE);
  return from + PAGE < items.length ? { value, nextLink: next.href } : { value };
}

/** @see https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations and its error format */
function refuse(
  response: ServerResponse,
  { status, code, message, headers = {} }: Omit<Fault, "on">,
): void {
  reply(response, status, { error: { code, message } }, headers);
}

function reply(response: ServerResponse, status: number, body: unknown, headers = {}): void {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8", ...headers });
  response.end(JSON.stringify(body));
}
