import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { APP_METHODS, Ask, CallerCapabilities, LogLevel, Outcome } from "@agent-personas/shared/tunnel/messages";
import type { ListKind } from "./fresh-lists.ts";

export type AppMethod = (typeof APP_METHODS)[number];

/** What an app lists beside its tools; identified by address, template or name. */
export type ItemKind = "resource" | "template" | "prompt";

/** One request to one connection, on behalf of one caller. */
export type DownstreamCall = {
  connectionId: string;
  method: AppMethod;
  /** Names the session's only user, e.g. persona + caller's session (or principal + client); never shared. */
  callerKey: string;
  /** All that authenticates the call, where it is not null: nothing stored for the connection is then read or sent. */
  forwardedHeaders: Readonly<Record<string, string>> | null;
  /** Parameters of the method with the app's own names; `_meta` as the client sent it. */
  params: Record<string, unknown>;
  /** The trace that the call belongs to, if it does to any. */
  traceparent?: string | null;
  /** What the caller can be asked: all that the app is told of. */
  capabilities: CallerCapabilities;
  /** What the caller wants to hear of the app's log; null for nothing. */
  logLevel: LogLevel | null;
  /** The caller went away. */
  signal: AbortSignal;
  /** Aborted at the deadline: the request is then aborted, too, and the outcome is the fault `app_timeout`. */
  deadline: AbortSignal;
  /** Parameters of `notifications/progress`; the progress token is the caller's own, undefined when it has none. */
  onProgress?: (params: Record<string, unknown>) => void;
  /** Parameters of `notifications/message`. */
  onLog?: (params: Record<string, unknown>) => void;
  /** The app ended the stream of its answer on purpose, and goes on. */
  onAway?: () => void;
  /** An app of 2025-11-25 says what became of a link that it had a person open: parameters of its notification. */
  onElicited?: (params: Record<string, unknown>) => void;
  /** Stops the time that the deadline is about, until the answer is called; several may overlap. */
  pause?: () => () => void;
  /** Puts a question of the app to the caller, until it is withdrawn. @throws when the call is over; when withdrawn */
  onAsk?: (ask: Pick<Ask, "method" | "params">, withdrawn?: AbortSignal) => Promise<Outcome>;
  /** What `onAsk` answers once the caller is not asked any more; null until then. */
  whyNotAsk?: () => Outcome | null;
};

export type Downstream = {
  /**
   * Never rejects: the app's result or JSON-RPC error untouched, or a fault (`app_unreachable`,
   * `app_needs_sign_in`, `app_refused_caller`, `app_timeout`, `app_not_bound`, `call_cancelled`, `too_busy`,
   * `connect_permission`, `result_too_large`, `outcome_unknown`, `owner_locked`).
   */
  call(call: DownstreamCall): Promise<Outcome>;
  /**
   * Answers once what the app lists is young enough to compare a call with; `stranger` for a passthrough caller.
   * @throws AppError, e.g. `app_unreachable`, `app_needs_sign_in`; nothing was executed then
   */
  ensureListed(connectionId: string, kind: ListKind, options: { stranger: boolean }): Promise<void>;
  /** The tool as the app listed it last over this connection and its pin; null when it is not there (any more). */
  currentDefinition(connectionId: string, name: string): Promise<{ definition: ToolDefinition; pin: string } | null>;
  /** The same of a resource, template or prompt. */
  currentItem(connectionId: string, kind: ItemKind, id: string): Promise<{ pin: string } | null>;
  /** Ends every session of one connection, or all. */
  close(connectionId?: string): Promise<void>;
};
