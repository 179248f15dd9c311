import type { Outcome } from "@agent-personas/shared/tunnel/messages";

/** One life of a device's worker; a new ledger id means that it no longer knows what it did. */
export type Boot = { bootId: string; ledgerId: string };
export type LedgerState = "unstarted" | "running" | "done";

/**
 * Where one call stands, as the relay knows it.
 * - unsent: to be sent as soon as the device is there; certainly not executed, or harmless to repeat
 * - sent: written to the socket, not accepted yet
 * - running: may be executing; the socket is up
 * - lost: may be executing; the socket is down
 */
export type CallState = {
  readonly phase: "unsent" | "sent" | "running" | "lost" | "settled";
  readonly attempt: number;
  /** Whether the device executes only after `go`; null until it accepted once. */
  readonly needsGo: boolean | null;
  /** Accepted without need of `go`, or `go` was written: from then on the app may see the call at any time. */
  readonly started: boolean;
  /** The worker the call was last sent to; null before. */
  readonly sentTo: Boot | null;
};

export type CallEvent =
  | { type: "available"; boot: Boot; known: LedgerState | null }
  | { type: "accepted"; needsGo: boolean }
  | { type: "disconnected" }
  | { type: "gone" }
  | { type: "moved" }
  | { type: "result"; outcome: Outcome }
  | { type: "deadline" }
  | { type: "cancelled" };

export type CallEffect =
  | { type: "send"; attempt: number }
  | { type: "go" }
  | { type: "cancel"; reason: string }
  | { type: "settle"; outcome: Outcome };

type Step = { state: CallState; effects: CallEffect[] };

const MAX_ATTEMPTS = 10;

export const newCall: CallState = { phase: "unsent", attempt: 1, needsGo: null, started: false, sentTo: null };

/** What one event does to a call: the rules of docs/tunnel-protocol.md, and nothing else. */
export function advance(state: CallState, event: CallEvent): Step {
  if (state.phase === "settled") return { state, effects: [] };
  switch (event.type) {
    case "available":
      return resume(state, event.boot, event.known);
    case "accepted":
      if (state.phase !== "sent") return { state, effects: [] };
      return {
        state: { ...state, phase: "running", needsGo: event.needsGo, started: true },
        effects: event.needsGo ? [{ type: "go" }] : [],
      };
    case "disconnected":
      return { state: { ...state, phase: state.started ? "lost" : "unsent" }, effects: [] };
    case "moved":
      return move(state);
    case "gone":
      return settle(state, unfinished(state));
    case "result":
      return settle(state, event.outcome);
    case "deadline":
      return settle(state, unfinished(state), "The deadline passed.");
    default:
      return settle(state, cancelled(state), "The caller cancelled.");
  }
}

/** Whether another device may execute it instead: it was certainly not executed, or repeating it does no harm. */
export const mayMove = (state: CallState): boolean =>
  (state.phase === "unsent" || state.phase === "lost") && (!state.started || state.needsGo === false);

function move(state: CallState): Step {
  if (!mayMove(state)) return { state, effects: [] };
  const attempt = state.sentTo === null ? state.attempt : state.attempt + 1;
  return { state: { ...newCall, attempt }, effects: [] };
}

function resume(state: CallState, boot: Boot, known: LedgerState | null): Step {
  if (state.phase !== "unsent" && state.phase !== "lost") return { state, effects: [] };
  const { sentTo } = state;
  if (sentTo === null) return send(state, boot, state.attempt);
  // A call that runs without `go` having been written needs none: repeating it does no harm.
  const repeatable = !state.started || state.needsGo === false;
  if (sentTo.ledgerId !== boot.ledgerId) return state.started ? unknown(state) : send(state, boot, state.attempt);
  switch (known) {
    case "done":
      return { state: underWay(state), effects: [] };
    case "running":
      if (sentTo.bootId === boot.bootId) return { state: underWay(state), effects: [] };
      return repeatable ? send(state, boot, state.attempt + 1) : unknown(state);
    case "unstarted":
      return send(state, boot, state.attempt);
    default:
      return repeatable ? send(state, boot, state.attempt) : unknown(state);
  }
}

const underWay = (state: CallState): CallState => ({
  ...state,
  phase: "running",
  started: true,
  needsGo: state.needsGo ?? false,
});

function send(state: CallState, boot: Boot, attempt: number): Step {
  if (attempt > MAX_ATTEMPTS) return unknown(state);
  return { state: { ...state, phase: "sent", attempt, sentTo: boot }, effects: [{ type: "send", attempt }] };
}

const unknown = (state: CallState): Step => settle(state, outcomeUnknown);

function settle(state: CallState, outcome: Outcome, cancelReason?: string): Step {
  const effects: CallEffect[] = [{ type: "settle", outcome }];
  if (cancelReason !== undefined && state.sentTo !== null) effects.unshift({ type: "cancel", reason: cancelReason });
  return { state: { ...state, phase: "settled" }, effects };
}

function unfinished({ started, sentTo }: CallState): Outcome {
  if (started) return outcomeUnknown;
  return { kind: "fault", code: "not_delivered", detail: sentTo === null ? {} : { sent: "true" } };
}

/** Who was cancelled too late is told, and pays. */
const cancelled = (state: CallState): Outcome => ({
  kind: "fault",
  code: "call_cancelled",
  detail: state.started ? { started: "true" } : {},
});

const outcomeUnknown: Outcome = { kind: "fault", code: "outcome_unknown", detail: {} };
