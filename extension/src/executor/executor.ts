import { isAppError } from "@agent-personas/shared/errors/app-error";
import { createId } from "@agent-personas/shared/primitives/id";
import { createDeadline, type Deadline } from "@agent-personas/shared/tunnel/deadline";
import type { Hello } from "@agent-personas/shared/tunnel/handshake";
import {
  CALLS_IN_FLIGHT,
  FRAME_BYTES,
  type Accepted,
  type Ask,
  type Call,
  type CallNotification,
  type CallResult,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
import type { Downstream } from "../apps/downstream.ts";
import { authorizeCall, type AuthorizeDeps, type AuthorizedCall } from "./authorize-call.ts";
import { callerKey } from "./caller-key.ts";
import { capOutcome } from "./cap-outcome.ts";
import type { Ledger } from "./ledger.ts";
import { createNotificationGates } from "./notification-gate.ts";

export type ExecutorDeps = Omit<AuthorizeDeps, "downstream"> & {
  downstream: Pick<Downstream, "currentDefinition" | "currentItem" | "call">;
  ledger: Ledger;
  /** Milliseconds that only grow; not the wall clock. */
  elapsed: () => number;
  onResult: (result: CallResult) => void;
  onProgress: (progress: CallNotification) => void;
  onLog: (log: CallNotification) => void;
  /** Puts an app's question to the caller. @throws the signal's reason */
  onAsk: (ask: Ask, signal: AbortSignal) => Promise<Outcome>;
};

export type Executor = {
  ledgerId: () => Promise<string>;
  /** Takes a call in hand; its result follows through `onResult`. */
  receive: (call: Call) => Promise<Accepted>;
  go: (callId: string) => void;
  cancel: (callId: string, reason: string) => void;
  hello: () => Promise<Hello>;
  /** Results that the relay has not taken over. */
  outbox: () => Promise<CallResult[]>;
  stored: (callId: string) => Promise<void>;
  /** The relay was left: its calls are aborted, and nothing of them is ever said to the next one. */
  forget: () => Promise<void>;
};

type Running = {
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
  accepted: Promise<Accepted>;
};

/** Room in a frame around a question. */
const ASK_ENVELOPE_BYTES = 1_024;
const tooLong: Outcome = { kind: "error", error: { code: -32_603, message: "The question is too long" } };

/** Milliseconds in which a request must have ended after its deadline. */
const GRACE_MS = 1_000;

const fault = (code: "app_timeout" | "not_delivered" | "call_cancelled" | "outcome_unknown" | "too_busy"): Outcome => ({
  kind: "fault",
  code,
  detail: {},
});

/** Executes the calls of the tunnel: each at most once, within its deadline, after every check. */
export function createExecutor(deps: ExecutorDeps): Executor {
  const { ledger } = deps;
  const running = new Map<string, Running>();
  const newGate = createNotificationGates(deps.elapsed);

  const finish = (item: Running, outcome: Outcome, app: number): void => {
    if (running.get(item.call.callId) !== item) return;
    item.deadline.end();
    clearTimeout(item.grace);
    running.delete(item.call.callId);
    const result: CallResult = {
      callId: item.call.callId,
      attempt: item.call.attempt,
      outcome: capOutcome(outcome),
      timings: { device: deps.elapsed() - item.receivedAt, app },
    };
    // The result need not wait for its record: until that is written, the ledger says "running".
    void ledger.finish(result).catch(() => undefined);
    deps.onResult(result);
  };

  /** The deadline stands still meanwhile: it is for the app's work, not for a person's thinking. */
  const ask = async (item: Running, question: Pick<Ask, "method" | "params">): Promise<Outcome> => {
    const message: Ask = { callId: item.call.callId, askId: createId("ask"), ...question };
    if (new TextEncoder().encode(JSON.stringify(message)).length > FRAME_BYTES - ASK_ENVELOPE_BYTES) return tooLong;
    const resume = item.deadline.pause();
    try {
      return await deps.onAsk(message, AbortSignal.any([item.abort.signal, item.late.signal]));
    } finally {
      resume();
    }
  };

  const execute = async (item: Running, { needsGo, ...authorized }: AuthorizedCall): Promise<void> => {
    const { call } = item;
    await ledger.mark(call.callId, "running", needsGo);
    const begun = deps.elapsed();
    if (item.abort.signal.aborted || item.deadline.remaining() <= 0) return finish(item, fault("not_delivered"), 0);
    const mayPass = newGate();
    const outcome = await deps.downstream.call({
      ...authorized,
      callerKey: callerKey(call),
      capabilities: call.capabilities,
      logLevel: call.logLevel,
      signal: item.abort.signal,
      deadline: item.late.signal,
      onAsk: (question) => ask(item, question),
      onProgress: (params) => void (mayPass(params) && deps.onProgress({ callId: call.callId, params })),
      onLog: (params) => void (mayPass(params) && deps.onLog({ callId: call.callId, params })),
    });
    finish(item, outcome, deps.elapsed() - begun);
  };

  const start = (item: Running, authorized: AuthorizedCall): void => {
    if (running.get(item.call.callId) !== item || item.started) return;
    item.started = true;
    void execute(item, authorized).catch(() => finish(item, fault("outcome_unknown"), 0));
  };

  /** The relay chooses when to say go, so the person may have paused or changed the persona since the call came. */
  const goOn = async (item: Running): Promise<void> => {
    try {
      start(item, await authorizeCall(deps, item.call));
    } catch (error) {
      finish(item, faultOf(error), 0);
    }
  };

  const take = async (item: Running): Promise<Accepted> => {
    try {
      const authorized = await authorizeCall(deps, item.call);
      if (authorized.needsGo) {
        item.waitsForGo = true;
        await ledger.mark(item.call.callId, "unstarted", true);
        return { accepted: true, needsGo: true };
      }
      start(item, authorized);
    } catch (error) {
      finish(item, faultOf(error), 0);
    }
    return { accepted: true, needsGo: false };
  };

  const expire = (item: Running): void => {
    if (!item.started) return finish(item, fault("not_delivered"), 0);
    const passed = new DOMException("The deadline has passed.", "TimeoutError");
    item.late.abort(passed);
    // The app's side ends now and knows more; this is for one that does not end.
    item.grace = setTimeout(() => {
      item.abort.abort(passed);
      finish(item, fault("app_timeout"), 0);
    }, GRACE_MS);
  };

  const begin = (call: Call): Promise<Accepted> => {
    const item: Running = {
      call,
      receivedAt: deps.elapsed(),
      abort: new AbortController(),
      deadline: createDeadline({ ms: call.deadline, now: deps.elapsed, onPassed: () => expire(item) }),
      late: new AbortController(),
      grace: undefined,
      waitsForGo: false,
      started: false,
      accepted: Promise.resolve({ accepted: true, needsGo: false }),
    };
    running.set(call.callId, item);
    if (running.size > CALLS_IN_FLIGHT) finish(item, fault("too_busy"), 0);
    else item.accepted = take(item);
    return item.accepted;
  };

  return {
    ledgerId: ledger.ledgerId,
    receive: async (call) => {
      const verdict = await ledger.receive(call);
      if (verdict.kind === "new") return begin(call);
      if (verdict.kind === "in-hand") {
        return running.get(call.callId)?.accepted ?? { accepted: true, needsGo: false };
      }
      const { callId, attempt } = call;
      const unknown = { callId, attempt, outcome: fault("outcome_unknown"), timings: { device: 0, app: 0 } };
      deps.onResult({ ...(verdict.result ?? unknown), attempt });
      return { accepted: true, needsGo: false };
    },
    go: (callId) => {
      const item = running.get(callId);
      if (item?.waitsForGo !== true) return;
      item.waitsForGo = false;
      void goOn(item);
    },
    cancel: (callId, reason) => {
      const item = running.get(callId);
      if (item === undefined) return;
      item.abort.abort(new DOMException(reason, "AbortError"));
      if (!item.started) finish(item, fault("call_cancelled"), 0);
    },
    hello: ledger.hello,
    outbox: ledger.outbox,
    stored: ledger.stored,
    forget: async () => {
      for (const { deadline, grace, abort } of running.values()) {
        deadline.end();
        clearTimeout(grace);
        abort.abort(new DOMException("The relay was left.", "AbortError"));
      }
      running.clear();
      await ledger.forget();
    },
  };
}

/** What is not of the catalogue stays inside: nothing was executed, and the reason may name what must not leave. */
function faultOf(error: unknown): Outcome {
  return isAppError(error)
    ? { kind: "fault", code: error.code, detail: { ...error.detail } }
    : { kind: "fault", code: "internal_error", detail: {} };
}
