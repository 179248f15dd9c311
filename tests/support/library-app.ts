import { McpServer, ResourceTemplate } from "@modelcontextprotocol/server";
import { z } from "zod";
import { listen } from "./listen.ts";
import { mcpHandler } from "./mcp-handler.ts";

export type LibraryApp = {
  url: string;
  /** What the prompt `greet` is described as; tests change it. */
  texts: { greet: string };
} & AsyncDisposable;

const SHELVES = 42;

/** An app with many tools, whose names begin as it is called, and with resources, a template of addresses and prompts. */
export async function startLibraryApp(): Promise<LibraryApp> {
  const texts = { greet: "Greets a reader." };
  const mcp = mcpHandler(() => createLibrary(texts));
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

const text = (value: string) => ({ content: [{ type: "text" as const, text: value }] });

function createLibrary(texts: LibraryApp["texts"]): McpServer {
  const server = new McpServer({ name: "library", title: "Library", version: "1" });
  const readOnly = { annotations: { readOnlyHint: true } };
  server.registerTool(
    "library_search",
    { description: "Finds books by title.", inputSchema: z.object({ title: z.string() }), ...readOnly },
    ({ title }) => text(`found ${title}`),
  );
  for (let shelf = 1; shelf <= SHELVES; shelf += 1) {
    server.registerTool(`list_shelf_${shelf}`, { description: `Lists the books on shelf ${shelf}.`, ...readOnly }, () =>
      text(`shelf ${shelf}`),
    );
  }
  server.registerResource(
    "Rules",
    "library://rules",
    { description: "What readers may do.", mimeType: "text/plain" },
    (uri) => ({
      contents: [{ uri: uri.href, text: "Be quiet." }],
    }),
  );
  server.registerResource("Staff list", "library://staff", { description: "Who works here." }, (uri) => ({
    contents: [{ uri: uri.href, text: "Ada, Grace" }],
  }));
  server.registerResource(
    "Book",
    new ResourceTemplate("library://books/{isbn}", { list: undefined }),
    { description: "One book by its number." },
    (uri, { isbn }) => ({ contents: [{ uri: uri.href, text: `book ${String(isbn)}` }] }),
  );
  server.registerPrompt(
    "greet",
    { description: texts.greet, argsSchema: z.object({ reader: z.string() }) },
    ({ reader }) => ({ messages: [{ role: "user", content: { type: "text", text: `Greet ${reader}.` } }] }),
  );
  return server;
}
