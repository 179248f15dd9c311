import { McpServer } from "@modelcontextprotocol/server";
import { listen } from "./listen.ts";
import { mcpHandler } from "./mcp-handler.ts";

export type MarkedApp = {
  url: string;
  /** Comes after every description; tests change it. */
  texts: { more: string };
} & AsyncDisposable;

/** What nobody can see: a change of the writing's direction, a letter without width, a bell. */
export const HIDDEN = ["\u202E", "\u200B", "\u0007"] as const;
/** Elements of this class are there only if somebody took the text for markup. */
export const HARM = "harm";
/** Markup that would run, load and show, and what nobody can see. */
export const MARKED = `<img class="${HARM}" src=x onerror="window.${HARM}=1"><script class="${HARM}">window.${HARM}=1</script><b class="${HARM}">bold</b> rtl${HIDDEN[0]}zero${HIDDEN[1]}bell${HIDDEN[2]}.`;

/** An app whose tool, resources and prompt carry such texts wherever an app can write. */
export async function startMarkedApp(): Promise<MarkedApp> {
  const texts = { more: "" };
  const mcp = mcpHandler(() => createMarkedServer(`${MARKED}${texts.more}`));
  const listening = await listen((request, response) => void mcp.handle(request, response));
  return {
    url: `${listening.origin}/mcp`,
    texts,
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await mcp.close();
    },
  };
}

function createMarkedServer(description: string): McpServer {
  const server = new McpServer({ name: MARKED, title: MARKED, version: MARKED });
  const title = MARKED;
  server.registerTool(
    `look${HIDDEN[1]}<b class="${HARM}">`,
    { title, description, annotations: { readOnlyHint: true } },
    () => ({ content: [] }),
  );
  server.registerResource(MARKED, `marked://page${HIDDEN[0]}`, { title, description, mimeType: MARKED }, () => ({
    contents: [],
  }));
  server.registerPrompt(`ask${HIDDEN[1]}`, { title, description }, () => ({ messages: [] }));
  return server;
}
