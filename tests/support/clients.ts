import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { NODE } from "../../relay/cli/bootstrap/workspace.mjs";
import { INSPECTOR, installClients, MCP_REMOTE, runClient } from "./installed-clients.ts";

export type Endpoint = { url: string; accessKey: string | null };

const headers = ({ accessKey }: Endpoint): Record<string, string> =>
  accessKey === null ? {} : { authorization: `Bearer ${accessKey}` };

/** The SDK of today: `legacy` speaks 2025-11-25, `auto` finds out what the endpoint speaks. */
export async function connectV2(
  endpoint: Endpoint,
  mode: "legacy" | "auto" = "auto",
): Promise<{ client: ClientV2 } & AsyncDisposable> {
  const client = new ClientV2({ name: "sdk-v2", version: "2" }, { versionNegotiation: { mode } });
  await client.connect(new TransportV2(new URL(endpoint.url), { requestInit: { headers: headers(endpoint) } }));
  return { client, [Symbol.asyncDispose]: () => client.close() };
}

/** The SDK that most clients in the field are still built with. */
export async function connectV1(endpoint: Endpoint): Promise<{ client: ClientV1 } & AsyncDisposable> {
  const client = new ClientV1({ name: "sdk-v1", version: "1" });
  const transport = new TransportV1(new URL(endpoint.url), { requestInit: { headers: headers(endpoint) } });
  await client.connect(transport);
  return { client, [Symbol.asyncDispose]: () => client.close() };
}

/** `@modelcontextprotocol/inspector --cli`; answers what it printed as JSON. */
export async function runInspector(endpoint: Endpoint, args: readonly string[]): Promise<unknown> {
  const header = endpoint.accessKey === null ? [] : ["--header", `Authorization: Bearer ${endpoint.accessKey}`];
  const printed = await runClient([INSPECTOR, "--cli", endpoint.url, "--transport", "http", ...header, ...args]);
  return JSON.parse(printed);
}

/** mcp-remote as a host starts it: a stdio server, driven here by the SDK v1 client. */
export async function connectMcpRemote(endpoint: Endpoint): Promise<{ client: ClientV1 } & AsyncDisposable> {
  await installClients();
  const client = new ClientV1({ name: "host-of-mcp-remote", version: "1" });
  const header = endpoint.accessKey === null ? [] : ["--header", `Authorization:Bearer ${endpoint.accessKey}`];
  await client.connect(
    new StdioClientTransport({
      command: NODE,
      args: [MCP_REMOTE, endpoint.url, "--allow-http", "--transport", "http-only", ...header],
      stderr: "ignore",
    }),
  );
  return { client, [Symbol.asyncDispose]: () => client.close() };
}
