import { isAppError } from "@agent-personas/shared/errors/app-error";
import { createDeadline, type Deadline } from "@agent-personas/shared/tunnel/deadline";
import type { Accepted, Call, Outcome } from "@agent-personas/shared/tunnel/messages";
import type { AuthorizedCall } from "./authorize-call.ts";
import { principalKey } from "./principal-key.ts";
import type { KeptFor } from "./kept-results.ts";
import type { Parked } from "./parked-calls.ts";

/** A call in hand. */
export type Running = {
  call: Call;
  receivedAt: number;
  /** The caller went away. */
  abort: AbortController;
  deadline: Deadline;
  /** Aborted when the deadline passed. */
  late: AbortController;
  grace: ReturnType<typeof setTimeout> | undefined;
  waitsForGo: boolean;
  /** Whether the request may have left for the app. */
  started: boolean;
  /** Set once the request leaves for the app, of a call to a tool. */
  tool: (NonNullable<AuthorizedCall["tool"]> & { connectionId: string }) | null;
  /** The app has said that it works on it. */
  progressed: boolean;
  /** Questions that the app has put. */
  asked: number;
  /** Set once the caller was answered with a handle. */
  parked: Parked | null;
  accepted: Promise<Accepted>;
};

export function newRunning(
  call: Call,
  { elapsed, onPassed }: { elapsed: () => number; onPassed: () => void },
): Running {
  return {
    call,
    receivedAt: elapsed(),
    abort: new AbortController(),
    deadline: createDeadline({ ms: call.deadline, now: elapsed, onPassed }),
    late: new AbortController(),
    grace: undefined,
    waitsForGo: false,
    started: false,
    tool: null,
    progressed: false,
    asked: 0,
    parked: null,
    accepted: Promise.resolve({ accepted: true, needsGo: false }),
  };
}

type Fault = "app_timeout" | "not_delivered" | "call_cancelled" | "outcome_unknown" | "too_busy";

export const fault = (code: Fault): Outcome => ({ kind: "fault", code, detail: {} });

/** Whom an answer is kept for that the caller has not had in full. */
export const ownerOf = (call: Call, tool: { name: string }): KeptFor => ({
  personaId: call.personaId,
  principal: principalKey(call),
  slotId: call.slotId ?? "",
  tool: tool.name,
});

/** What is not of the catalogue stays inside: nothing was executed, and the reason may name what must not leave. */
export function faultOf(error: unknown): Outcome {
  return isAppError(error)
    ? { kind: "fault", code: error.code, detail: { ...error.detail } }
    : { kind: "fault", code: "internal_error", detail: {} };
}
