import { callerKey } from "@agent-personas/shared/tunnel/caller-key";
import { createDeadline } from "@agent-personas/shared/tunnel/deadline";
import type { Hello } from "@agent-personas/shared/tunnel/handshake";
import {
  CALLS_IN_FLIGHT,
  type Accepted,
  type Ask,
  type Away,
  type Call,
  type CallNotification,
  type CallResult,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
import type { Downstream } from "../apps/downstream.ts";
import { within } from "../apps/within.ts";
import { authorizeCall, type AuthorizeDeps, type AuthorizedCall } from "./authorize-call.ts";
import { answerCaller, isDeviceCall, type DeviceCall } from "./answer-caller.ts";
import { askingOf } from "./asking-of.ts";
import { exposeLinks } from "./expose-links.ts";
import type { KeptResults } from "./kept-results.ts";
import type { Ledger } from "./ledger.ts";
import { fitOutcome } from "./long-results.ts";
import { createNotificationGates } from "./notification-gate.ts";
import { createParkedCalls } from "./parked-calls.ts";
import { fault, faultOf, newRunning, ownerOf, type Running } from "./running-call.ts";

export type ExecutorDeps = Omit<AuthorizeDeps, "downstream"> & {
  downstream: AuthorizeDeps["downstream"] & Pick<Downstream, "call">;
  ledger: Ledger;
  kept: KeptResults;
  /** This start of the worker. */
  bootId: string;
  /** Milliseconds that only grow; not the wall clock. */
  elapsed: () => number;
  onResult: (result: CallResult) => void;
  onProgress: (progress: CallNotification) => void;
  onLog: (log: CallNotification) => void;
  onAway: (away: Away) => void;
  onElicited: (elicited: CallNotification) => void;
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
  stored: (callId: string) => void;
  /** The relay was left: its calls are aborted, and nothing of them is ever said to the next one. */
  forget: () => Promise<void>;
};

/** Milliseconds in which a request must have ended after its deadline. */
const GRACE_MS = 1_000;
/** The relay gives up a device that has not accepted a call for ten seconds. */
const ACCEPT_MS = 4_000;
/** Longest that a call may take in all, when its app says that it goes on. */
const PARKED_MS = 10 * 60_000;

/** Executes the calls of the tunnel: each at most once, within its deadline, after every check. */
export function createExecutor(deps: ExecutorDeps): Executor {
  const { ledger } = deps;
  const parkedCalls = createParkedCalls(deps);
  const running = new Map<string, Running>();
  /** Calls that were answered with a handle. */
  const goingOn = new Set<Running>();
  /** Calls that the ledger is being asked about, and those of them that were cancelled meanwhile. */
  const arriving = new Set<string>();
  const cancelled = new Set<string>();
  const newGate = createNotificationGates(deps.elapsed);

  const finish = (item: Running, outcome: Outcome, app: number): void => {
    if (running.get(item.call.callId) !== item) return;
    item.deadline.end();
    clearTimeout(item.grace);
    running.delete(item.call.callId);
    const result: CallResult = {
      callId: item.call.callId,
      attempt: item.call.attempt,
      outcome,
      timings: { device: deps.elapsed() - item.receivedAt, app },
    };
    // The result need not wait for its record: until that is written, the ledger says "running".
    void ledger.finish(result).catch(() => undefined);
    deps.onResult(result);
  };

  /** To the caller, or, of a call that it was told to come back for, to where it will ask. */
  const end = async (item: Running, outcome: Outcome, app: number): Promise<void> => {
    const cuttable = item.tool && { owner: ownerOf(item.call, item.tool), declaresOutput: item.tool.declaresOutput };
    const fitting = await fitOutcome(outcome, cuttable, deps.kept);
    if (item.parked === null) return finish(item, fitting, app);
    if (!goingOn.delete(item)) return;
    item.deadline.end();
    clearTimeout(item.grace);
    await item.parked.settle(fitting);
  };

  const execute = async (
    item: Running,
    { needsGo, tool, exposedUri, ...authorized }: AuthorizedCall,
  ): Promise<void> => {
    const { call } = item;
    await ledger.mark(call.callId, "running", needsGo);
    const begun = deps.elapsed();
    if (item.abort.signal.aborted || item.deadline.remaining() <= 0) return finish(item, fault("not_delivered"), 0);
    item.tool = tool && { ...tool, connectionId: authorized.connectionId };
    const mayPass = newGate();
    const isHeard = (params: unknown): boolean => item.parked === null && mayPass(params);
    const outcome = await deps.downstream.call({
      ...authorized,
      callerKey: callerKey(call),
      capabilities: call.capabilities,
      logLevel: call.logLevel,
      traceparent: call.traceparent,
      signal: item.abort.signal,
      deadline: item.late.signal,
      ...askingOf(item, deps.onAsk),
      // It is for the app's work, not for a person's thinking. What is parked has a time of its own.
      pause: () => (item.parked === null ? item.deadline.pause() : () => undefined),
      onProgress: (params) => {
        item.progressed = true;
        if (params["progressToken"] !== undefined && isHeard(params)) deps.onProgress({ callId: call.callId, params });
      },
      onLog: (params) => void (isHeard(params) && deps.onLog({ callId: call.callId, params })),
      onElicited: (params) => void (isHeard(params) && deps.onElicited({ callId: call.callId, params })),
      onAway: () => void (isHeard({}) && deps.onAway({ callId: call.callId })),
    });
    await end(item, exposedUri === null ? outcome : exposeLinks(outcome, exposedUri), deps.elapsed() - begun);
  };

  /** Of what this device keeps; nothing is executed, so it may be asked again. */
  const answer = async (item: Running, call: DeviceCall): Promise<void> => {
    item.started = true;
    await ledger.mark(call.callId, "running", false);
    const signal = AbortSignal.any([item.abort.signal, item.late.signal]);
    const remaining = item.deadline.remaining();
    finish(item, await answerCaller({ ...deps, parkedCalls }, call, { remaining, signal }), 0);
  };

  const start = (item: Running, authorized: AuthorizedCall): void => {
    if (running.get(item.call.callId) !== item || item.started) return;
    item.started = true;
    void execute(item, authorized).catch(() => end(item, fault("outcome_unknown"), 0));
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
      if (isDeviceCall(item.call)) {
        void answer(item, item.call).catch((error: unknown) => finish(item, faultOf(error), 0));
        return { accepted: true, needsGo: false };
      }
      // What takes longer, such as an app that is slow to list its tools, is waited for after `go`, which checks anew.
      const authorized = await within(authorizeCall(deps, item.call), ACCEPT_MS);
      if (authorized === undefined || authorized.needsGo) {
        item.waitsForGo = true;
        // Not waited for: a worker that dies before it is written leaves a call whose outcome counts as unknown.
        void ledger.mark(item.call.callId, "unstarted", true).catch(() => undefined);
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
    if (item.progressed && item.tool !== null && item.parked === null) void park(item, item.tool);
    else giveUp(item);
  };

  const giveUp = (item: Running): void => {
    const passed = new DOMException("The deadline has passed.", "TimeoutError");
    item.late.abort(passed);
    // The app's side ends now and knows more; this is for one that does not end.
    item.grace = setTimeout(() => {
      item.abort.abort(passed);
      void end(item, fault("app_timeout"), 0);
    }, GRACE_MS);
  };

  /** Its app works on it, as it said: the caller gets a handle instead of a failure. */
  const park = async (item: Running, tool: NonNullable<Running["tool"]>): Promise<void> => {
    const parked = await parkedCalls.park(ownerOf(item.call, tool), tool.connectionId).catch(() => null);
    if (parked === null) return giveUp(item);
    if (running.get(item.call.callId) !== item) return parked.drop();
    item.parked = parked;
    finish(item, { kind: "parked", handle: parked.handle }, deps.elapsed() - item.receivedAt);
    goingOn.add(item);
    const ms = PARKED_MS - (deps.elapsed() - item.receivedAt);
    item.deadline = createDeadline({ ms, now: deps.elapsed, onPassed: () => giveUp(item) });
  };

  const begin = (call: Call, isCancelled: boolean): Promise<Accepted> => {
    const item: Running = newRunning(call, { elapsed: deps.elapsed, onPassed: () => expire(item) });
    running.set(call.callId, item);
    if (running.size > CALLS_IN_FLIGHT) finish(item, fault("too_busy"), 0);
    else if (isCancelled) finish(item, fault("call_cancelled"), 0);
    else item.accepted = take(item);
    return item.accepted;
  };

  return {
    ledgerId: ledger.ledgerId,
    receive: async (call) => {
      arriving.add(call.callId);
      const verdict = await ledger.receive(call).finally(() => arriving.delete(call.callId));
      const isCancelled = cancelled.delete(call.callId);
      if (verdict.kind === "new") return begin(call, isCancelled);
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
      if (item === undefined) return void (arriving.has(callId) && cancelled.add(callId));
      item.abort.abort(new DOMException(reason, "AbortError"));
      if (!item.started) finish(item, fault("call_cancelled"), 0);
    },
    hello: ledger.hello,
    outbox: ledger.outbox,
    stored: ledger.stored,
    forget: async () => {
      for (const { deadline, grace, abort } of [...running.values(), ...goingOn]) {
        deadline.end();
        clearTimeout(grace);
        abort.abort(new DOMException("The relay was left.", "AbortError"));
      }
      running.clear();
      goingOn.clear();
      await Promise.all([ledger.forget(), deps.kept.clear()]);
    },
  };
}
