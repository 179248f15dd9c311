import type { Endpoint } from "./clients.ts";
import { isRecord, readMessages } from "./read-messages.ts";

/** How a call ended, as its caller saw it. */
export type Ending =
  | { kind: "result"; text: string }
  /** A code of the catalogue, as a tool result or as an HTTP answer; seconds after which it may be tried again. */
  | { kind: "fault"; code: string; saysNothingDone: boolean; retryAfter: number | null }
  /** The connection to the relay broke: this caller knows that it knows nothing. */
  | { kind: "lost" }
  /** Nobody took the connection, so nothing was asked. */
  | { kind: "refused" }
  | { kind: "unanswered"; after: string };

export type RawCaller = {
  call: (name: string, args: Record<string, unknown>) => Promise<Ending>;
  /** Streams taken up again after a break. */
  resumed: () => number;
};

export type Era = "legacy" | "modern";

/** How often, and how long after, a broken stream is taken up again. */
const RESUMES = 400;
const RESUME_MS = 250;
const MODERN = "2026-07-28";
const LEGACY = "2025-11-25";

/**
 * A client of few lines that tries nothing twice, so that whatever happens twice is somebody else's doing. In the
 * earlier era it takes up a broken stream again by its last event, as the protocol says.
 */
export function createRawCaller({ url, accessKey }: Endpoint, era: Era, deadlineMs: number): RawCaller {
  let session: string | null = null;
  let lastId = 0;
  let resumed = 0;
  let steps: string[] = [];

  const headers = (more: Record<string, string>): Record<string, string> => ({
    authorization: `Bearer ${accessKey ?? ""}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    ...more,
  });
  const post = (body: unknown, more: Record<string, string>, signal: AbortSignal): Promise<Response> =>
    fetch(url, { method: "POST", headers: headers(more), body: JSON.stringify(body), signal });

  const openSession = async (signal: AbortSignal): Promise<string | Ending> => {
    const params = { protocolVersion: LEGACY, capabilities: {}, clientInfo: { name: "raw", version: "1" } };
    const response = await post({ jsonrpc: "2.0", id: 0, method: "initialize", params }, {}, signal);
    const answer = await readAnswer(response, 0);
    const id = response.headers.get("mcp-session-id");
    if (id === null) return answer.ending ?? { kind: "lost" };
    const more = { "mcp-session-id": id, "mcp-protocol-version": LEGACY };
    await (await post({ jsonrpc: "2.0", method: "notifications/initialized" }, more, signal)).text();
    return id;
  };

  const callLegacy = async (id: number, params: unknown, signal: AbortSignal): Promise<Ending> => {
    const opened = session ?? (await openSession(signal));
    if (typeof opened !== "string") return opened;
    session = opened;
    steps.push("session");
    const more = { "mcp-session-id": opened, "mcp-protocol-version": LEGACY };
    const response = await post({ jsonrpc: "2.0", id, method: "tools/call", params }, more, signal);
    steps.push(`HTTP ${response.status}`);
    if (response.status === 404) session = null;
    let answer = await readAnswer(response, id);
    for (let time = 0; time < RESUMES && answer.ending === null && answer.lastEvent !== null; time += 1) {
      await new Promise((resolve) => setTimeout(resolve, RESUME_MS));
      const again = { ...more, "last-event-id": answer.lastEvent };
      // While there is no relay nobody can answer: the deadline is that of each connection.
      const connected = AbortSignal.timeout(deadlineMs);
      const stream = await fetch(url, { headers: headers(again), signal: connected }).catch((error: unknown) => {
        if (connected.aborted) throw error;
        return null;
      });
      if (stream === null) continue;
      resumed += 1;
      steps.push(`resumed ${stream.status} after ${answer.lastEvent}`);
      const next = await readAnswer(stream, id);
      answer = { ending: next.ending, lastEvent: next.lastEvent ?? answer.lastEvent };
    }
    return answer.ending ?? { kind: "lost" };
  };

  const callModern = async (id: number, name: string, params: object, signal: AbortSignal): Promise<Ending> => {
    const _meta = {
      "io.modelcontextprotocol/protocolVersion": MODERN,
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const more = { "mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": name };
    const body = { jsonrpc: "2.0", id, method: "tools/call", params: { ...params, _meta } };
    return (await readAnswer(await post(body, more, signal), id)).ending ?? { kind: "lost" };
  };

  return {
    resumed: () => resumed,
    call: async (name, args) => {
      lastId += 1;
      steps = [];
      const params = { name, arguments: args };
      const signal = AbortSignal.timeout(deadlineMs);
      try {
        return await (era === "legacy" ? callLegacy(lastId, params, signal) : callModern(lastId, name, params, signal));
      } catch (error) {
        if (isTimeout(error)) return { kind: "unanswered", after: steps.slice(-8).join(", ") };
        return { kind: wasRefused(error) ? "refused" : "lost" };
      }
    },
  };
}

type Answer = { ending: Ending | null; lastEvent: string | null };

/** Reads until the answer to this request; null when the stream ends before. */
async function readAnswer(response: Response, id: number): Promise<Answer> {
  let lastEvent: string | null = null;
  try {
    for await (const { message, eventId } of readMessages(response)) {
      lastEvent = eventId ?? lastEvent;
      if (!isRecord(message) || (message["id"] !== id && message["id"] !== null)) continue;
      return { ending: endingOf(message, response.status), lastEvent };
    }
  } catch (error) {
    if (isTimeout(error)) throw error;
  }
  return { ending: null, lastEvent };
}

function endingOf({ result, error }: Record<string, unknown>, status: number): Ending {
  if (isRecord(result)) {
    const [content] = Array.isArray(result["content"]) ? result["content"] : [];
    const text = isRecord(content) ? String(content["text"]) : "";
    return result["isError"] === true ? faultOf(text) : { kind: "result", text };
  }
  return faultOf(isRecord(error) ? String(error["message"]) : `http ${status}`);
}

const faultOf = (text: string): Ending => ({
  kind: "fault",
  code: codeIn(text),
  saysNothingDone: text.includes("Nothing was executed."),
  retryAfter: secondsIn(text),
});

const codeIn = (text: string): string => /help#(\w+)\)/u.exec(text)?.[1] ?? `other: ${text.slice(0, 120)}`;

function secondsIn(text: string): number | null {
  const seconds = /Try again in (\d+) seconds\./u.exec(text)?.[1];
  return seconds === undefined ? null : Number(seconds);
}

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === "TimeoutError";

function wasRefused(error: unknown): boolean {
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return isRecord(cause) && cause["code"] === "ECONNREFUSED";
}
