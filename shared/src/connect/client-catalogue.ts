import { curlCommand } from "./curl-command.ts";
import { quote } from "./quote.ts";

/** What a client's configuration is made from. `accessKey` is the full secret; `name` is the entry's name. */
export type ConnectInput = { name: string; keyEndpoint: string; accessKey: string };

export type Snippet = {
  label: string;
  /** Syntax of `text`, for highlighting. */
  language: "shell" | "json" | "http";
  text: string;
};

type ConfigFile = { macos: string; linux: string; windows: string };

/** How one AI client is connected with an access key: one command or link, and the file by hand. */
export type ConnectClient = {
  id: "claude-code" | "cursor" | "vscode" | "http";
  title: string;
  quickSetup: (input: ConnectInput) => Snippet;
  manualSetup: ((input: ConnectInput) => Snippet & { files: ConfigFile }) | null;
  /** What to restart or press before the tools appear. */
  afterwards: string;
};

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const authorization = (input: ConnectInput) => ({ Authorization: `Bearer ${input.accessKey}` });

/** An entry name that every client takes: letters, digits and dashes. */
export function entryName(personaName: string): string {
  const name = personaName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "");
  return name === "" ? "persona" : name;
}

/** Claude Code: `.mcp.json` in the project, or the user's own scope. */
const claudeCode: ConnectClient = {
  id: "claude-code",
  title: "Claude Code",
  quickSetup: (input) => ({
    label: "Run in a terminal",
    language: "shell",
    text: `claude mcp add --transport http ${quote(input.name)} ${quote(input.keyEndpoint)} --header ${quote(`Authorization: Bearer ${input.accessKey}`)}`,
  }),
  manualSetup: (input) => ({
    label: "Project file",
    language: "json",
    files: { macos: ".mcp.json", linux: ".mcp.json", windows: ".mcp.json" },
    text: json({
      mcpServers: { [input.name]: { type: "http", url: input.keyEndpoint, headers: authorization(input) } },
    }),
  }),
  afterwards: "Start a new session, then type /mcp to see it connected.",
};

const cursor: ConnectClient = {
  id: "cursor",
  title: "Cursor",
  quickSetup: (input) => ({
    label: "Open this link",
    language: "http",
    text: `cursor://anysphere.cursor-deeplink/mcp/install?name=${encodeURIComponent(input.name)}&config=${encodeURIComponent(
      btoa(JSON.stringify({ url: input.keyEndpoint, headers: authorization(input) })),
    )}`,
  }),
  manualSetup: (input) => ({
    label: "User file",
    language: "json",
    files: {
      macos: "~/.cursor/mcp.json",
      linux: "~/.cursor/mcp.json",
      windows: String.raw`%USERPROFILE%\.cursor\mcp.json`,
    },
    text: json({ mcpServers: { [input.name]: { url: input.keyEndpoint, headers: authorization(input) } } }),
  }),
  afterwards: "Open Cursor Settings, Tools and MCP, and switch the server on.",
};

const vscode: ConnectClient = {
  id: "vscode",
  title: "VS Code",
  quickSetup: (input) => ({
    label: "Run in a terminal",
    language: "shell",
    text: `code --add-mcp ${quote(
      JSON.stringify({ name: input.name, type: "http", url: input.keyEndpoint, headers: authorization(input) }),
    )}`,
  }),
  manualSetup: (input) => ({
    label: "Workspace file",
    language: "json",
    files: { macos: ".vscode/mcp.json", linux: ".vscode/mcp.json", windows: String.raw`.vscode\mcp.json` },
    text: json({ servers: { [input.name]: { type: "http", url: input.keyEndpoint, headers: authorization(input) } } }),
  }),
  afterwards: "Open the Command Palette, run “MCP: List Servers” and start the server.",
};

const http: ConnectClient = {
  id: "http",
  title: "Raw HTTP",
  quickSetup: (input) => ({
    label: "Run in a terminal",
    language: "shell",
    text: curlCommand(input).join(" \\\n  "),
  }),
  manualSetup: null,
  afterwards: "The answer lists the persona's tools.",
};

/** AI clients in the order the console shows them. */
export const CONNECT_CLIENTS: readonly ConnectClient[] = [claudeCode, cursor, vscode, http];
