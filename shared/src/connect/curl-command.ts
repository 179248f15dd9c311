import { MODERN_PROTOCOL } from "../mcp/protocol.ts";
import { quote } from "./quote.ts";

type CurlRequest = { url: string; headers: readonly { name: string; value: string }[] };

/**
 * A shell command that lists a persona's tools, in parts to be joined by spaces. Its request is of the revision
 * without sessions, so that nothing has to be sent before it.
 */
export function curlCommand({ url, headers }: CurlRequest): string[] {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": MODERN_PROTOCOL,
    "io.modelcontextprotocol/clientInfo": { name: "curl", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: meta } });
  return [
    `curl -sS ${quote(url)}`,
    ...headers.map(({ name, value }) => `-H ${quote(`${name}: ${value}`)}`),
    "-H 'Content-Type: application/json'",
    "-H 'Accept: application/json, text/event-stream'",
    `-H 'MCP-Protocol-Version: ${MODERN_PROTOCOL}'`,
    "-H 'Mcp-Method: tools/list'",
    `-d ${quote(body)}`,
  ];
}
