import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { Client as ClientV1 } from "@modelcontextprotocol/sdk/client/index.js";
import { NODE } from "../../relay/cli/bootstrap/workspace.mjs";
import {
  CODEX,
  INSPECTOR,
  installClients,
  MCP_REMOTE,
  OPENCODE,
  runClient,
  startClient,
  type ClientProcess,
} from "./installed-clients.ts";
import { printedAddress, printedCode } from "./printed-address.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The person: opens the address that the program wants opened, and decides. */
export type OpenUrl = (url: string) => Promise<unknown>;

const OPENERS = ["xdg-open", "open", "gio", "x-www-browser", "www-browser", "sensible-browser"];

/** A home of its own for one program, with no browser to open and no way out of this computer. */
type Home = { folder: string; env: Record<string, string> } & AsyncDisposable;

async function makeHome(): Promise<Home> {
  const folder = await temporaryFolder();
  const programs = join(folder.path, "bin");
  await mkdir(programs);
  for (const name of OPENERS) await writeFile(join(programs, name), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  const nowhere = "http://127.0.0.1:9";
  return {
    folder: folder.path,
    env: {
      PATH: `${programs}${delimiter}${process.env["PATH"] ?? ""}`,
      HOME: folder.path,
      CODEX_HOME: folder.path,
      MCP_REMOTE_CONFIG_DIR: join(folder.path, "mcp-remote"),
      ...Object.fromEntries(
        ["CONFIG", "DATA", "CACHE", "STATE"].map((kind) => [`XDG_${kind}_HOME`, join(folder.path, kind.toLowerCase())]),
      ),
      HTTP_PROXY: nowhere,
      HTTPS_PROXY: nowhere,
      NO_PROXY: "localhost,127.0.0.1",
      NO_COLOR: "1",
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** `codex mcp add`, which signs in by itself, then what `codex mcp list` says of it. */
export async function signInCodex(endpoint: string, open: OpenUrl): Promise<string> {
  await using home = await makeHome();
  const options = { env: home.env, cwd: home.folder };
  await using adding = await startClient([CODEX, "mcp", "add", "relay", "--url", endpoint], options);
  await open(await printedAddress(adding));
  await adding.ended;
  return await runClient([CODEX, "mcp", "list", "--json"], options);
}

/** `opencode mcp auth`, then what `opencode mcp list` says: it connects and asks for the tools. */
export async function signInOpencode(endpoint: string, open: OpenUrl): Promise<string> {
  await using home = await makeHome();
  const config = { mcp: { relay: { type: "remote", url: endpoint } } };
  await writeFile(join(home.folder, "opencode.json"), JSON.stringify(config));
  const options = {
    env: { ...home.env, OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1" },
    cwd: home.folder,
  };
  await using signingIn = await startClient([OPENCODE, "mcp", "auth", "relay"], options);
  await open(await printedAddress(signingIn));
  await signingIn.ended;
  await using listing = await startClient([OPENCODE, "mcp", "list"], options);
  await listing.ended;
  return listing.printed();
}

/** The inspector's command line; answers what it printed as JSON. */
export async function signInInspector(endpoint: string, open: OpenUrl, args: readonly string[]): Promise<unknown> {
  await using home = await makeHome();
  await using running = await startClient([INSPECTOR, "--cli", endpoint, "--transport", "http", ...args], {
    env: { ...home.env, MCP_AUTO_OPEN_ENABLED: "true", MCP_INSPECTOR_SECRET_STORE: "file" },
    cwd: home.folder,
  });
  await open(await printedAddress(running));
  const printed = await running.ended;
  return JSON.parse(printed.slice(printed.indexOf("{")));
}

export type McpRemote = { client: ClientV1 } & AsyncDisposable;

/** mcp-remote as a host starts it, signed in by a person; driven by the SDK v1 client. */
export const signInMcpRemote = (endpoint: string, open: OpenUrl): Promise<McpRemote> =>
  startMcpRemote(endpoint, [], async (running) => void (await open(await printedAddress(running))));

/** The same on a computer without a browser: it shows a page's address and a code to type there. */
export const signInMcpRemoteByCode = (
  endpoint: string,
  type: (address: string, code: string) => Promise<unknown>,
): Promise<McpRemote> =>
  startMcpRemote(endpoint, ["--device-code"], async (running) => {
    const { address, code } = await printedCode(running);
    await type(address, code);
  });

async function startMcpRemote(
  endpoint: string,
  args: readonly string[],
  signIn: (running: ClientProcess) => Promise<void>,
): Promise<McpRemote> {
  await installClients();
  await using parts = new AsyncDisposableStack();
  const home = parts.use(await makeHome());
  const client = new ClientV1({ name: "host-of-mcp-remote", version: "1" });
  parts.defer(() => client.close());
  const transport = new StdioClientTransport({
    command: NODE,
    args: [MCP_REMOTE, endpoint, "--allow-http", "--transport", "http-only", ...args],
    env: home.env,
    cwd: home.folder,
    stderr: "pipe",
  });
  const printed = { text: "" };
  transport.stderr?.on("data", (chunk: Buffer) => void (printed.text += chunk.toString()));
  const connecting = client.connect(transport);
  await signIn({ printed: () => printed.text, ended: connecting.then(() => "connected") });
  await connecting;
  const kept = parts.move();
  return { client, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
