import { randomBytes } from "node:crypto";
import { toNodeHandler } from "@modelcontextprotocol/node";
import {
  createRequestStateCodec,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from "@modelcontextprotocol/server";
import { listen } from "../listen.ts";
import { createConformanceServer } from "./create-server.ts";
import type { Fixture } from "./fixture.ts";
import type { Era } from "../mcp-handler.ts";
import { serveEras } from "./serve-eras.ts";

export type ConformanceApp = { url: string; sessions: ReadonlyMap<string, unknown> } & AsyncDisposable;

/** The MCP server that the official suites judge: directly, and through the product. */
export async function startConformanceApp(options: { port?: number; era?: Era } = {}): Promise<ConformanceApp> {
  const extra = { tool: false, prompt: false };
  const fixture: Fixture = {
    states: createRequestStateCodec({ key: randomBytes(32), ttlSeconds: 600 }),
    extra,
    toggle(kind) {
      extra[kind] = !extra[kind];
      eras.changed(kind);
    },
    resourceUpdated: (uri) => eras.resourceUpdated(uri),
  };
  const eras = serveEras(() => createConformanceServer(fixture), options.era);
  const node = toNodeHandler({ fetch: (request) => Promise.resolve(checkOrigin(request) ?? eras.fetch(request)) });
  const listening = await listen((request, response) => {
    if (new URL(request.url ?? "/", "http://app").pathname !== "/mcp") {
      response.writeHead(404).end();
      return;
    }
    void node(Object.assign(request, { method: request.method ?? "GET", url: request.url ?? "/" }), response);
  }, options.port);
  return {
    url: `${listening.origin}/mcp`,
    sessions: eras.sessions,
    async [Symbol.asyncDispose]() {
      await eras.close();
      await listening[Symbol.asyncDispose]();
    },
  };
}

/** A page elsewhere must not reach a server on this computer under another name. */
const checkOrigin = (request: Request): Response | undefined =>
  hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
  originValidationResponse(request, localhostAllowedOrigins());
