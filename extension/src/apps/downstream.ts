import type { ToolDefinition } from "@agent-personas/shared/persona/tool-definition";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";

/** One `tools/call` for one connection, on behalf of one caller. */
export type DownstreamCall = {
  connectionId: string;
  /** Names the session's only user, e.g. persona + caller's session (or principal + client); never shared. */
  callerKey: string;
  /** All that authenticates the call, where it is not null: nothing stored for the connection is then read or sent. */
  forwardedHeaders: Readonly<Record<string, string>> | null;
  /** Parameters of `tools/call` with the app's own tool name; `_meta` as the client sent it. */
  params: Record<string, unknown>;
  signal: AbortSignal;
  /** Milliseconds from now; after it the request is aborted and the outcome is the fault `app_timeout`. */
  timeoutMs: number;
  /** Parameters of `notifications/progress`, with the caller's own progress token. */
  onProgress?: (params: Record<string, unknown>) => void;
  /** Parameters of `notifications/message`. */
  onLog?: (params: Record<string, unknown>) => void;
};

export type Downstream = {
  /**
   * Never rejects: the app's result or JSON-RPC error untouched, or a fault (`app_unreachable`,
   * `app_needs_sign_in`, `app_refused_caller`, `app_timeout`, `app_not_bound`, `call_cancelled`, `too_busy`,
   * `connect_permission`, `result_too_large`, `outcome_unknown`, `owner_locked`).
   */
  call(call: DownstreamCall): Promise<Outcome>;
  /** The tool as the app listed it last over this connection and its pin; null when it is not there (any more). */
  currentDefinition(connectionId: string, name: string): Promise<{ definition: ToolDefinition; pin: string } | null>;
  /** Ends every session of one connection, or all. */
  close(connectionId?: string): Promise<void>;
};
