import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as TransportV1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { PNPM } from "../../relay/cli/bootstrap/install-packages.mjs";
import { runCommand } from "../../relay/cli/bootstrap/run-command.mjs";
import { NODE, ROOT } from "../../relay/cli/bootstrap/workspace.mjs";

export type Endpoint = { url: string; accessKey: string | null };

const CLIENTS = join(ROOT, "tests", "clients");
const INSTALL_MS = 300_000;
const RUN_MS = 60_000;

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
  await installClients();
  const launcher = join(CLIENTS, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js");
  const header = endpoint.accessKey === null ? [] : ["--header", `Authorization: Bearer ${endpoint.accessKey}`];
  const printed = await run([launcher, "--cli", endpoint.url, "--transport", "http", ...header, ...args]);
  return JSON.parse(printed);
}

/** mcp-remote as a host starts it: a stdio server, driven here by the SDK v1 client. */
export async function connectMcpRemote(endpoint: Endpoint): Promise<{ client: ClientV1 } & AsyncDisposable> {
  await installClients();
  const client = new ClientV1({ name: "host-of-mcp-remote", version: "1" });
  const header = endpoint.accessKey === null ? [] : ["--header", `Authorization:Bearer ${endpoint.accessKey}`];
  const program = join(CLIENTS, "node_modules/mcp-remote/dist/proxy.js");
  await client.connect(
    new StdioClientTransport({
      command: NODE,
      args: [program, endpoint.url, "--allow-http", "--transport", "http-only", ...header],
      stderr: "ignore",
    }),
  );
  return { client, [Symbol.asyncDispose]: () => client.close() };
}

/** Once; the lockfile pins them. */
async function installClients(): Promise<void> {
  if (existsSync(join(CLIENTS, "node_modules", "mcp-remote"))) return;
  const [command, args] = PNPM;
  const install = [...args, "install", "--frozen-lockfile", "--reporter=append-only"];
  const code = await runCommand(command, install, { cwd: CLIENTS, timeoutMs: INSTALL_MS });
  if (code !== 0) throw new Error("The clients in tests/clients could not be installed.");
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(NODE, args, { stdio: ["ignore", "pipe", "pipe"], timeout: RUN_MS });
    const printed = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => void (printed.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => void (printed.stderr += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(printed.stdout);
      else reject(new Error(`The client ended with ${code}: ${printed.stdout}${printed.stderr}`));
    });
  });
}
