import type { FastifyRequest } from "fastify";

const MIRRORED = ["content-type", "last-event-id", "mcp-method", "mcp-name", "mcp-protocol-version", "mcp-session-id"];
/** Arguments of a call, repeated. */
const PARAM = "mcp-param-";

/**
 * The request as the SDK takes it, without the body, which is handed over parsed. Only headers that mean
 * something to MCP go on, so that no credential does; clients that accept less than the SDK insists on are served.
 */
export function webRequest(request: FastifyRequest, options: { publicUrl: string; signal: AbortSignal }): Request {
  const headers = new Headers({ accept: "application/json, text/event-stream" });
  for (const name of MIRRORED) {
    const value = request.headers[name];
    if (typeof value === "string") headers.set(name, value);
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(PARAM) && typeof value === "string") headers.set(name, value);
  }
  return new Request(`${options.publicUrl}${request.url.split("?", 1)[0] ?? "/"}`, {
    method: request.method,
    headers,
    signal: options.signal,
  });
}

/** Whether the client can read only one JSON body: it names JSON and nothing that a stream would match. */
export function readsOnlyJson(accept: string | undefined): boolean {
  if (accept === undefined || !/application\/(?:json|\*)/u.test(accept)) return false;
  return !/text\/event-stream|text\/\*|\*\/\*/u.test(accept);
}
