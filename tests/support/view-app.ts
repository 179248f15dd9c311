import { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listen } from "./listen.ts";
import { mcpHandler, type Era } from "./mcp-handler.ts";

export type ViewApp = { url: string } & AsyncDisposable;

/** The same in every such app: a persona with two of them has to tell them apart. */
export const VIEW_URI = "ui://board/view.html";
export const VIEW_MIME = "text/html;profile=mcp-app";
export const ICONS = [
  { src: "https://icons.example/board.svg", mimeType: "image/svg+xml", sizes: ["any"], theme: "dark" as const },
  { src: "data:image/png;base64,iVBORw0KGgo=", mimeType: "image/png", sizes: ["48x48", "96x96"] },
];
/** What the host of a view has to enforce: lost on the way, the view gets more or less than its app asked for. */
export const VIEW_META = {
  ui: {
    csp: { connectDomains: ["https://api.board.example"], resourceDomains: ["https://cdn.board.example"] },
    permissions: { camera: {} },
    prefersBorder: true,
  },
  "board.example/more": { kept: [1, null, "x"] },
};
export const TOOL_META = { ui: { resourceUri: VIEW_URI, visibility: ["model", "app"] }, "board.example/tool": true };

/** An MCP App: `show_<name>` names a view, which calls `move` and, to be told apart, `move_<name>`; all with icons. */
export async function startViewApp(name: string, era: Era): Promise<ViewApp> {
  const mcp = mcpHandler(() => createViewServer(name), era);
  const listening = await listen((request, response) => void mcp.handle(request, response));
  return {
    url: `${listening.origin}/mcp`,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await mcp.close();
    },
  };
}

const said = (text: string) => ({ content: [{ type: "text" as const, text }] });

function createViewServer(name: string): McpServer {
  const server = new McpServer({ name, title: name, version: "1.0.0", icons: ICONS });
  const annotations = { readOnlyHint: true };
  server.registerTool(
    `show_${name}`,
    { description: "Shows the board.", annotations, icons: ICONS, _meta: TOOL_META },
    () => said(`${name} shows`),
  );
  const inputSchema = z.object({ to: z.string() });
  for (const tool of ["move", `move_${name}`]) {
    server.registerTool(
      tool,
      { description: "Moves a piece.", inputSchema, annotations, _meta: { ui: { visibility: ["app"] } } },
      ({ to }) => said(`${name} moves to ${to}`),
    );
  }
  server.registerResource(
    "view",
    VIEW_URI,
    { description: "The board.", mimeType: VIEW_MIME, icons: ICONS, _meta: VIEW_META },
    ({ href }) => ({
      contents: [{ uri: href, mimeType: VIEW_MIME, text: `<!doctype html><p>${name}</p>`, _meta: VIEW_META }],
    }),
  );
  server.registerPrompt(`plan_${name}`, { description: "Plans a move.", icons: ICONS }, () => ({
    messages: [{ role: "user", content: { type: "text", text: "Plan a move." } }],
  }));
  return server;
}
