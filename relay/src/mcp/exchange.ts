import type { Ask, CallerCapabilities, LogLevel, Outcome } from "@agent-personas/shared/tunnel/messages";
import type { Caller } from "../deps.ts";

/** What a method needs to know of the request that it answers. */
export type Exchange = Caller & {
  era: "legacy" | "modern";
  /** As the client reports itself; not to be trusted. */
  client: string;
  /** What the client can be asked while its request is open; nothing where it could not hear the question. */
  capabilities: CallerCapabilities;
  /** What it wants to hear of the apps' logs; null for nothing. */
  logLevel: LogLevel | null;
  /** Whether it reads what comes before the answer; for one that does not, nothing is made that it would miss. */
  hearsStreams: boolean;
  /** The legacy session; null in the era without. */
  session: string | null;
  /** Of the HTTP request, as its answer and the log say it. */
  requestId: string;
  traceparent: string | null;
  /** The id for the first call that is made for it, by which its client can come back for the outcome. */
  callId?: CallIdSource;
};

/** Answers an id once, then nothing. */
export type CallIdSource = () => string | null;

/** What ties an answer to the request that waits for it. */
export type RequestContext = {
  /** The caller went away. */
  signal: AbortSignal;
  /** Sent before the answer; a caller that has gone misses it. */
  notify: (
    method: "notifications/progress" | "notifications/message" | "notifications/elicitation/complete",
    params: Record<string, unknown>,
  ) => void;
  /** Ends the stream of the answer, for a client that comes back for it; nothing for any other. */
  leave?: () => void;
  /** Asks the client while its request is open; the earlier era only. */
  ask: (ask: Pick<Ask, "method" | "params">, signal: AbortSignal) => Promise<Outcome>;
  /** Of a request that was sent again with its answers, in the era of 2026-07-28. */
  answers: Readonly<Record<string, unknown>>;
  /** What came back with them, as the client sent it. */
  state: string | undefined;
};
