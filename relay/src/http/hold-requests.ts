import type { IncomingMessage, Server, ServerResponse } from "node:http";

const MAX_HELD = 1_000;

/**
 * Keeps requests that come between listening and being ready, which is when the clients of a relay that was restarted
 * come back: a server without a listener would never answer them. The answer lets them go to whoever listens by then.
 */
export function holdRequests(server: Server): () => void {
  const held: [IncomingMessage, ServerResponse][] = [];
  let holding = true;
  server.on("request", (request, response) => {
    if (!holding) return;
    if (held.length < MAX_HELD) held.push([request, response]);
    else response.writeHead(503, { "retry-after": "1" }).end();
  });
  return () => {
    holding = false;
    for (const exchange of held.splice(0)) server.emit("request", ...exchange);
  };
}
