/** What is printed when everything runs; also the members of the `--json` line. */
export type Ready = { endpoint: string; keyEndpoint: string; accessKey: string; relay: string; console: string };

/** The `--json` line. */
export function readyLine({ endpoint, keyEndpoint, accessKey, relay, console }: Ready): string {
  return JSON.stringify({ endpoint, keyEndpoint, accessKey, relay, console });
}

/** For people: where it is, the key, and one line to try it. */
export function readyText(ready: Ready, persona: { name: string; tools: number }): string {
  return `
${persona.name} is ready, with ${persona.tools} tools.

  Endpoint     ${ready.endpoint}
  Access key   ${ready.accessKey}
  Console      ${ready.console}
  Relay        ${ready.relay}

Try it from another terminal (it lists the tools):

${tryLine(ready)}

Ctrl-C stops everything; the data folder stays.
`;
}

/** A stateless request of protocol 2026-07-28, which needs no session before it. */
function tryLine({ keyEndpoint, accessKey }: Ready): string {
  const meta = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": { name: "curl", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: { _meta: meta } });
  return [
    `curl -s ${keyEndpoint}`,
    `-H 'Authorization: Bearer ${accessKey}'`,
    "-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream'",
    "-H 'MCP-Protocol-Version: 2026-07-28' -H 'Mcp-Method: tools/list'",
    `-d '${body}'`,
  ].join(" ");
}
