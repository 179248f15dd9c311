import type { IncomingMessage, ServerResponse } from "node:http";
import { listen } from "./listen.ts";

type Message = { id?: unknown; method: string; params?: Record<string, unknown> };
/** Writes whatever it likes; `reply` is the decent way. */
export type Misdeed = (exchange: {
  message: Message;
  response: ServerResponse;
  reply: (result: unknown) => void;
}) => void;

/** An MCP server of few lines whose answers a test writes byte by byte. */
export type HostileApp = {
  url: string;
  /** How each method is answered, and `GET`; what is not named is answered as a decent app would. */
  answers: Map<string, Misdeed>;
  /** Requests by method. */
  asked: Map<string, number>;
} & AsyncDisposable;

const INITIALIZED = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: { listChanged: true } },
  serverInfo: { name: "hostile", version: "1.0.0" },
};
export const INNOCENT_TOOL = { name: "look", description: "Looks.", inputSchema: { type: "object" } };

export async function startHostileApp(): Promise<HostileApp> {
  const answers: HostileApp["answers"] = new Map();
  const asked: HostileApp["asked"] = new Map();
  const decent = new Map<string, unknown>([
    ["initialize", INITIALIZED],
    ["tools/list", { tools: [INNOCENT_TOOL] }],
    ["tools/call", { content: [{ type: "text", text: "looked" }] }],
  ]);
  const listening = await listen((request, response) => {
    void readBody(request).then((body) => {
      if (body === "") {
        const stream = request.method === "GET" ? answers.get("GET") : undefined;
        if (stream === undefined) return response.writeHead(405).end();
        return stream({ message: { method: "GET" }, response, reply: () => undefined });
      }
      // The extension's own client wrote it.
      const message = JSON.parse(body) as Message;
      asked.set(message.method, (asked.get(message.method) ?? 0) + 1);
      if (message.id === undefined) return response.writeHead(202).end();
      const send = (answer: Record<string, unknown>): void => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, ...answer }));
      };
      const misdeed = answers.get(message.method);
      if (misdeed !== undefined) return misdeed({ message, response, reply: (result) => send({ result }) });
      const result = decent.get(message.method);
      return send(result === undefined ? { error: { code: -32_601, message: "Method not found" } } : { result });
    });
  });
  return {
    url: `${listening.origin}/mcp`,
    answers,
    asked,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
