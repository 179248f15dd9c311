import { Agent, request } from "node:http";

export type Poster = {
  post: (url: string, headers: Record<string, string>, body: unknown) => Promise<string>;
} & Disposable;

/** Requests with as little on this side as can be, over connections that stay open. @throws for anything but 200 */
export function createPoster(): Poster {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    post: (url, headers, body) =>
      new Promise((resolve, reject) => {
        const text = JSON.stringify(body);
        const asked = request(url, {
          method: "POST",
          agent,
          headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text), ...headers },
        });
        asked.once("error", reject).once("response", (response) => {
          let answer = "";
          response.setEncoding("utf8").on("data", (chunk) => (answer += chunk));
          response.once("end", () => {
            if (response.statusCode === 200) resolve(answer);
            else reject(new Error(`HTTP ${response.statusCode}: ${answer.slice(0, 300)}`));
          });
        });
        asked.end(text);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

const MODERN = "2026-07-28";

/** One request of MCP 2026-07-28. */
export function mcpRequest(
  accessKey: string | null,
  method: string,
  params: { name?: string } & Record<string, unknown>,
) {
  const _meta = { "io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {} };
  return {
    headers: {
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": MODERN,
      "mcp-method": method,
      ...(params.name !== undefined && { "mcp-name": params.name }),
      ...(accessKey !== null && { authorization: `Bearer ${accessKey}` }),
    },
    body: { jsonrpc: "2.0", id: 1, method, params: { ...params, _meta } },
  };
}
