import { isAppError } from "@agent-personas/shared/errors/app-error";
import type { Hello } from "@agent-personas/shared/tunnel/handshake";
import {
  CALLS_IN_FLIGHT,
  type Accepted,
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
  downstream: Pick<Downstream, "currentDefinition" | "call">;
  ledger: Ledger;
  /** Milliseconds that only grow; not the wall clock. */
  elapsed: () => number;
  onResult: (result: CallResult) => void;
  onProgress: (progress: CallNotification) => void;
  onLog: (log: CallNotification) => void;
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
  abort: AbortController;
  timer: ReturnType<typeof setTimeout>;
  waitsForGo: boolean;
  /** Whether the request may have left for the app. */
  started: boolean;
  accepted: Promise<Accepted>;
};

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
    clearTimeout(item.timer);
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

  const execute = async (item: Running, { tool, needsGo, ...serving }: AuthorizedCall): Promise<void> => {
    const { call } = item;
    await ledger.mark(call.callId, "running", needsGo);
    const begun = deps.elapsed();
    const timeoutMs = call.deadline - (begun - item.receivedAt);
    if (item.abort.signal.aborted || timeoutMs <= 0) return finish(item, fault("not_delivered"), 0);
    const mayPass = newGate();
    const outcome = await deps.downstream.call({
      ...serving,
      callerKey: callerKey(call),
      params: { ...call.params, name: tool.originalName },
      signal: item.abort.signal,
      timeoutMs,
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
    // The app's side ends by the same deadline and knows more; this is for one that does not end.
    item.timer = setTimeout(() => {
      item.abort.abort(new DOMException("The deadline has passed.", "TimeoutError"));
      finish(item, fault("app_timeout"), 0);
    }, GRACE_MS);
  };

  const begin = (call: Call): Promise<Accepted> => {
    const item: Running = {
      call,
      receivedAt: deps.elapsed(),
      abort: new AbortController(),
      timer: setTimeout(() => expire(item), call.deadline),
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
      for (const { timer, abort } of running.values()) {
        clearTimeout(timer);
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
