import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import type { Config } from "../config.ts";
import { isOwnHost } from "./check-host.ts";
import { isAllowedOrigin } from "./check-origin.ts";

/** Host and Origin of WebSocket handshakes, which never reach Fastify. Called before anything else listens for them. */
export function guardUpgrades(server: Server, config: Config): void {
  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    if (namesOwnHost(request, config) && isAllowedOrigin(request.headers.origin, config)) return;
    // Whoever listens next finds the socket closed for writing and lets go of it.
    socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
  });
}

/** Behind a trusted proxy that rewrites Host the forwarded one counts; a page cannot send that header. */
function namesOwnHost({ headers }: IncomingMessage, config: Config): boolean {
  if (isOwnHost(headers.host, config)) return true;
  const forwarded = headers["x-forwarded-host"];
  return config.trustProxy !== false && typeof forwarded === "string" && isOwnHost(forwarded, config);
}
