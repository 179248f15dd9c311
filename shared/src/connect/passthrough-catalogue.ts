import type { Passthrough } from "../persona/passthrough.ts";
import { curlCommand } from "./curl-command.ts";

/** A header that a passthrough caller sends; `value` is a word in capitals to be replaced. */
type CallerHeader = { name: string; value: string; required: boolean };

/** How a system that manages its own authentication calls a persona. */
export type PassthroughClient = {
  id: "http" | "typescript" | "python";
  title: string;
  label: string;
  /** Everything but the headers' values, ready to run. */
  text: (url: string, headers: readonly CallerHeader[]) => string;
};

/** What callers of such a persona send: the token that is verified, if one is, and every header that is not fixed. */
export function callerHeaders({ headers, jwt }: Passthrough): CallerHeader[] {
  const asked = headers
    .filter(({ name, value }) => value === null && (jwt === null || name !== "authorization"))
    .map(({ name, required }) => ({ name, value: placeholder(name), required: required || jwt === null }));
  return jwt === null ? asked : [{ name: "authorization", value: "Bearer YOUR_TOKEN", required: true }, ...asked];
}

const placeholder = (name: string): string => `YOUR_${name.replaceAll(/[^a-z0-9]+/gu, "_").toUpperCase()}`;

const http: PassthroughClient = {
  id: "http",
  title: "Raw HTTP",
  label: "Run in a terminal",
  text: (url, headers) => curlCommand({ url, headers }).join(" \\\n  "),
};

const typescript: PassthroughClient = {
  id: "typescript",
  title: "TypeScript SDK",
  label: "@modelcontextprotocol/client",
  text: (url, headers) =>
    [
      'import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";',
      "",
      `const transport = new StreamableHTTPClientTransport(new URL(${JSON.stringify(url)}), {`,
      "  requestInit: {",
      "    headers: {",
      ...headers.map(({ name, value }) => `      ${JSON.stringify(name)}: ${JSON.stringify(value)},`),
      "    },",
      "  },",
      "});",
      'const client = new Client({ name: "my-system", version: "1.0.0" });',
      "await client.connect(transport);",
      "console.log((await client.listTools()).tools);",
    ].join("\n"),
};

const python: PassthroughClient = {
  id: "python",
  title: "Python SDK",
  label: "mcp",
  text: (url, headers) =>
    [
      "import asyncio",
      "from mcp import ClientSession",
      "from mcp.client.streamable_http import streamablehttp_client",
      "",
      "headers = {",
      ...headers.map(({ name, value }) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`),
      "}",
      "",
      "async def main():",
      `    async with streamablehttp_client(${JSON.stringify(url)}, headers=headers) as (read, write, _):`,
      "        async with ClientSession(read, write) as session:",
      "            await session.initialize()",
      "            print((await session.list_tools()).tools)",
      "",
      "asyncio.run(main())",
    ].join("\n"),
};

/** In the order the console shows them. */
export const PASSTHROUGH_CLIENTS: readonly PassthroughClient[] = [http, typescript, python];
