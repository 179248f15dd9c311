import { curlCommand } from "./curl-command.ts";
import { quote } from "./quote.ts";

/** What a client's configuration is made from; `name` is the entry's name. */
export type ConnectInput = {
  name: string;
  url: string;
  /** The full secret, for the address that takes keys; null where the client signs in by itself. */
  accessKey: string | null;
};

export type Snippet = {
  label: string;
  /** What `text` is: for a terminal or a file, a link to open, or an address to paste. */
  kind: "shell" | "json" | "link" | "url";
  text: string;
};

type ConfigFile = { macos: string; linux: string; windows: string };
export type ManualSnippet = Snippet & { files: ConfigFile };

/** How one AI client is connected: by signing in, by an access key, or either. */
export type ConnectClient = {
  id: "claude-ai" | "chatgpt" | "claude-code" | "cursor" | "vscode" | "http";
  title: string;
  /** One command, link or address. */
  quickSetup: (input: ConnectInput) => Snippet;
  /** The file by hand. */
  manualSetup: ((input: ConnectInput) => ManualSnippet) | null;
  /** What to restart or press before the tools appear, for each way that the client has. */
  afterwards: { signIn: string | null; accessKey: string | null };
  /** Calls come from the vendor's cloud, which must reach the relay. */
  fromCloud: boolean;
};

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const authorization = (accessKey: string) => ({ Authorization: `Bearer ${accessKey}` });
/** The members that every configuration file has: the address and, with a key, its header. */
const server = ({ url, accessKey }: ConnectInput) => ({
  url,
  ...(accessKey !== null && { headers: authorization(accessKey) }),
});

/** An entry name that every client takes: letters, digits and dashes. */
export function entryName(personaName: string): string {
  const name = personaName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "");
  return name === "" ? "persona" : name;
}

const BROWSER_OPENS = "Your browser opens the relay's sign-in page: allow the client there.";

/** Calls come from Anthropic's cloud, for the web, the desktop and the phone alike; it takes no header. */
const claudeAi: ConnectClient = {
  id: "claude-ai",
  title: "Claude.ai",
  quickSetup: ({ url }) => ({
    label: "Paste into Settings → Connectors → Add custom connector",
    kind: "url",
    text: url,
  }),
  manualSetup: null,
  afterwards: { signIn: `Choose Connect beside the new connector. ${BROWSER_OPENS}`, accessKey: null },
  fromCloud: true,
};

const chatgpt: ConnectClient = {
  id: "chatgpt",
  title: "ChatGPT",
  quickSetup: ({ url }) => ({
    label: "Paste into Settings → Apps & connectors → Developer mode → Create, with OAuth as authentication",
    kind: "url",
    text: url,
  }),
  manualSetup: null,
  afterwards: {
    signIn: `Press Create. ${BROWSER_OPENS} After a change of the persona's tools, scan the tools again there.`,
    accessKey: null,
  },
  fromCloud: true,
};

/** Claude Code: `.mcp.json` in the project, or the user's own scope. */
const claudeCode: ConnectClient = {
  id: "claude-code",
  title: "Claude Code",
  quickSetup: ({ name, url, accessKey }) => ({
    label: "Run in a terminal",
    kind: "shell",
    text: [
      `claude mcp add --transport http ${quote(name)} ${quote(url)}`,
      ...(accessKey === null ? [] : [`--header ${quote(`Authorization: Bearer ${accessKey}`)}`]),
    ].join(" "),
  }),
  manualSetup: (input) => ({
    label: "Project file",
    kind: "json",
    files: { macos: ".mcp.json", linux: ".mcp.json", windows: ".mcp.json" },
    text: json({ mcpServers: { [input.name]: { type: "http", ...server(input) } } }),
  }),
  afterwards: {
    signIn: `Start a new session, type /mcp, choose the server and Authenticate. ${BROWSER_OPENS}`,
    accessKey: "Start a new session, then type /mcp to see it connected.",
  },
  fromCloud: false,
};

const cursor: ConnectClient = {
  id: "cursor",
  title: "Cursor",
  quickSetup: (input) => ({
    label: "Open this link",
    kind: "link",
    text: `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(input.name)}&config=${encodeURIComponent(
      btoa(JSON.stringify(server(input))),
    )}`,
  }),
  manualSetup: (input) => ({
    label: "User file",
    kind: "json",
    files: {
      macos: "~/.cursor/mcp.json",
      linux: "~/.cursor/mcp.json",
      windows: String.raw`%USERPROFILE%\.cursor\mcp.json`,
    },
    text: json({ mcpServers: { [input.name]: server(input) } }),
  }),
  afterwards: {
    signIn: `Open Cursor Settings, Tools and MCP, and choose to log in beside the server. ${BROWSER_OPENS}`,
    accessKey: "Open Cursor Settings, Tools and MCP, and switch the server on.",
  },
  fromCloud: false,
};

const vscode: ConnectClient = {
  id: "vscode",
  title: "VS Code",
  quickSetup: (input) => ({
    label: "Run in a terminal",
    kind: "shell",
    text: `code --add-mcp ${quote(JSON.stringify({ name: input.name, type: "http", ...server(input) }))}`,
  }),
  manualSetup: (input) => ({
    label: "Workspace file",
    kind: "json",
    files: { macos: ".vscode/mcp.json", linux: ".vscode/mcp.json", windows: String.raw`.vscode\mcp.json` },
    text: json({ servers: { [input.name]: { type: "http", ...server(input) } } }),
  }),
  afterwards: {
    signIn: `Open the Command Palette, run “MCP: List Servers” and start the server. ${BROWSER_OPENS}`,
    accessKey: "Open the Command Palette, run “MCP: List Servers” and start the server.",
  },
  fromCloud: false,
};

const http: ConnectClient = {
  id: "http",
  title: "Raw HTTP",
  quickSetup: ({ url, accessKey }) => ({
    label: "Run in a terminal",
    kind: "shell",
    text: curlCommand({ url, headers: [{ name: "Authorization", value: `Bearer ${accessKey ?? ""}` }] }).join(
      " \\\n  ",
    ),
  }),
  manualSetup: null,
  afterwards: { signIn: null, accessKey: "The answer lists the persona's tools." },
  fromCloud: false,
};

/** AI clients in the order the console shows them. */
export const CONNECT_CLIENTS: readonly ConnectClient[] = [claudeAi, chatgpt, claudeCode, cursor, vscode, http];
