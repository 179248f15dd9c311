import { Agent, request, type IncomingMessage } from "node:http";
import type { Endpoint } from "../support/clients.ts";

const PROTOCOL = "2025-11-25";
const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: PROTOCOL, capabilities: {}, clientInfo: { name: "idle", version: "1" } },
};

/** Opens, ends and listens on sessions with as little on this side as can be, so that thousands fit. */
export type Sessions = {
  open: () => Promise<string>;
  end: (sessionId: string) => Promise<void>;
  /** Opens the session's stream and leaves it open; the answer closes it. */
  listen: (sessionId: string) => Promise<() => void>;
} & Disposable;

export function sessionsAt({ url, accessKey }: Endpoint): Sessions {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const streams = new Agent({ keepAlive: false, maxSockets: Infinity });
  let opened = 0;

  const send = (
    method: string,
    more: Record<string, string>,
    options: { body?: unknown; agent?: Agent; localAddress?: string } = {},
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${accessKey ?? ""}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...more,
      };
      const { localAddress } = options;
      const asked = request(url, {
        method,
        headers,
        agent: options.agent ?? agent,
        ...(localAddress === undefined ? {} : { localAddress }),
      });
      asked.once("response", resolve).once("error", reject);
      asked.end(options.body === undefined ? undefined : JSON.stringify(options.body));
    });

  return {
    open: async () => {
      const response = await send("POST", {}, { body: initialize });
      await drained(response);
      const id = response.headers["mcp-session-id"];
      if (typeof id !== "string") throw new Error(`No session: HTTP ${response.statusCode}.`);
      return id;
    },
    end: async (sessionId) => {
      const response = await send("DELETE", { "mcp-session-id": sessionId });
      await drained(response);
      if (response.statusCode !== 200) throw new Error(`The session does not end: HTTP ${response.statusCode}.`);
    },
    listen: async (sessionId) => {
      opened += 1;
      // One address has too few ports for all of them.
      const localAddress = `127.0.0.${1 + (opened % 100)}`;
      const more = { "mcp-session-id": sessionId, "mcp-protocol-version": PROTOCOL };
      const response = await send("GET", more, { agent: streams, localAddress });
      if (response.statusCode !== 200) throw new Error(`No stream: HTTP ${response.statusCode}.`);
      response.resume().on("error", () => undefined);
      return () => void response.destroy();
    },
    [Symbol.dispose]() {
      agent.destroy();
      streams.destroy();
    },
  };
}

function drained(response: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    response.once("end", () => resolve()).once("error", reject);
    response.resume();
  });
}

/** Runs a task so many times, so many at once. */
export async function times(count: number, atOnce: number, task: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const number = next;
      next += 1;
      if (number >= count) return;
      await task(number);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
