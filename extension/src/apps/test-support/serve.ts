import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";

export type Handler = (request: Request) => Response | Promise<Response>;
export type Served = { origin: string } & AsyncDisposable;

/** A web-standard handler on a port of the loopback address, a free one unless it is named. */
export async function serve(handler: Handler, port = 0): Promise<Served> {
  const node = toNodeHandler({ fetch: async (request) => handler(request) });
  const server = createServer((request, response) => {
    const { method = "GET", url = "/" } = request;
    node(Object.assign(request, { method, url }), response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
