import { createId } from "@agent-personas/shared/primitives/id";
import type { Hello } from "@agent-personas/shared/tunnel/handshake";
import {
  acceptedSchema,
  ENVELOPE_BYTES,
  FRAME_BYTES,
  type Answer,
  type Ask,
  type Call,
  type CallNotification,
  type CallResult,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
import type { Config } from "../config.ts";
import type { DeviceDirectory, Tunnel } from "../deps.ts";
import { nestedTooDeep } from "@agent-personas/shared/primitives/nested-too-deep";
import { haveOneCaller } from "@agent-personas/shared/tunnel/caller-key";
import { createDeadline, type Deadline } from "@agent-personas/shared/tunnel/deadline";
import { createCallerLink, type CallerLink } from "./caller-link.ts";
import type { Connection } from "./connection.ts";
import { createLanes } from "./lanes.ts";
import { advance, mayMove, newCall, type CallEffect, type CallEvent, type CallState } from "./open-call.ts";
import type { Presence, Wanted } from "./presence.ts";
import type { Reception } from "./receive.ts";
import { loadLastSeen } from "./load-last-seen.ts";

/** How long a device with a live socket may take to say that it has a call. Milliseconds. */
const ACCEPT_MS = 10_000;

type OpenCall = {
  callId: string;
  call: Parameters<Tunnel["call"]>[0];
  state: CallState;
  wanted: Wanted;
  deviceId: string;
  /** Devices it was taken from; what they still say of it is of no use. */
  former: Set<string>;
  /** The device's, which ends before the relay's; both stand still while the caller is asked something. */
  deadlines: { device: Deadline; relay: Deadline };
  link: CallerLink;
  onTimings: Parameters<Tunnel["call"]>[1]["onTimings"];
  finish: (outcome: Outcome) => void;
};

/** Calls of the process before this one, whose devices still have their outcomes. */
export type LateResults = {
  isAwaited: (callId: string) => boolean;
  take: (deviceId: string, result: Pick<CallResult, "callId" | "outcome">) => void;
};

/** Carries calls to devices and their outcomes back; `advance` decides, this acts. */
export type Dispatcher = {
  call: Tunnel["call"];
  onReady: (connection: Connection, hello: Hello) => void;
  /** It said what it can serve: calls of this person that wait for a device that is away go to it. */
  onServes: (connection: Connection) => void;
  onDisconnected: (deviceId: string) => void;
  onResult: (deviceId: string, result: CallResult) => Reception;
  /** Whether this device is to answer this call; `over` when nobody is any more. */
  expects: (deviceId: string, callId: string) => "yes" | "over" | "no";
  onProgress: (deviceId: string, notification: CallNotification) => void;
  onLog: (deviceId: string, notification: CallNotification) => void;
  onElicited: (deviceId: string, notification: CallNotification) => void;
  onAway: (deviceId: string, callId: string) => void;
  /** Null when this device was not sent the call. */
  onAsk: (deviceId: string, ask: Ask) => Promise<Answer> | null;
  /** The device will not come back: its calls end at once. */
  abandon: (deviceId: string) => void;
  abandonAll: () => void;
  open: () => number;
  /** Calls that are with their devices, and those that wait for their turn. */
  depths: () => { inFlight: number; queued: number };
};

export function createDispatcher(deps: {
  config: Pick<Config, "ownerWaitMs" | "deviceDeadlineMs" | "relayDeadlineMs">;
  now: () => number;
  devices: DeviceDirectory;
  /** Takes outcomes of calls that an earlier process made. */
  late: LateResults;
  presence: Presence;
  /** The socket is up, but nobody answers on it. */
  onSilent: (connection: Connection) => void;
}): Dispatcher {
  const { config, now, presence, late } = deps;
  const calls = new Map<string, OpenCall>();
  const lanes = createLanes<OpenCall>();

  const apply = (open: OpenCall, event: CallEvent): void => {
    const { state, effects } = advance(open.state, event);
    open.state = state;
    for (const effect of effects) act(open, effect);
  };

  const act = (open: OpenCall, effect: CallEffect): void => {
    const socket = presence.get(open.deviceId)?.socket;
    switch (effect.type) {
      case "send":
        return send(open, effect.attempt);
      case "go":
        socket?.emit("go", { callId: open.callId });
        return;
      case "cancel":
        socket?.emit("cancel", { callId: open.callId, reason: effect.reason });
        return;
      case "settle":
        calls.delete(open.callId);
        open.finish(effect.outcome);
        return offer(lanes.leave(open.deviceId, open));
    }
  };

  const send = (open: OpenCall, attempt: number): void => {
    const connection = presence.get(open.deviceId);
    if (connection === null) return apply(open, { type: "disconnected" });
    const deadline = open.deadlines.device.remaining();
    if (deadline < 1) return apply(open, { type: "deadline" });
    const message: Call = { ...open.call, callId: open.callId, attempt, deadline: Math.ceil(deadline) };
    connection.socket.timeout(ACCEPT_MS).emit("call", message, (error: Error | null, answer: unknown) => {
      const current = presence.get(open.deviceId) === connection && open.state.phase === "sent";
      if (!current || open.state.attempt !== attempt) return;
      const accepted = acceptedSchema.safeParse(answer);
      if (error !== null || !accepted.success) return deps.onSilent(connection);
      apply(open, { type: "accepted", needsGo: accepted.data.needsGo });
    });
  };

  /** Starts a call that has a place in its device's lane, if the device is there. */
  const offer = (open: OpenCall | null): void => {
    const connection = open === null ? null : presence.get(open.deviceId);
    if (open !== null && connection?.ready === true) {
      apply(open, { type: "available", boot: connection.boot, known: null });
    }
  };

  /** To another device that can serve it, if there is one. */
  const move = (open: OpenCall): void => {
    if (!mayMove(open.state) || open.wanted.deviceId !== null) return;
    const other = presence.pick(open.wanted);
    if (other === null || other.deviceId === open.deviceId || !presence.serves(other, open.wanted)) return;
    const next = lanes.leave(open.deviceId, open);
    if (next !== null && next !== open) offer(next);
    open.former.add(open.deviceId);
    open.deviceId = other.deviceId;
    apply(open, { type: "moved" });
    const place = lanes.enter(other.deviceId, open);
    if (place === "started") offer(open);
    if (place === "full") apply(open, { type: "result", outcome: tooBusy });
  };

  const run = (
    call: OpenCall["call"],
    options: Parameters<Tunnel["call"]>[1],
    { wanted, deviceId, startedAt }: { wanted: Wanted; deviceId: string; startedAt: number },
  ) =>
    new Promise<Outcome>((resolve) => {
      const { signal } = options;
      const spent = performance.now() - startedAt;
      const deadlines = {
        device: deadlineOf(config.deviceDeadlineMs - spent, () => undefined),
        relay: deadlineOf(config.relayDeadlineMs - spent, () => apply(open, { type: "deadline" })),
      };
      const cancel = (): void => apply(open, { type: "cancelled" });
      const link = createCallerLink(options, {
        now,
        // Whose question it is, an app need not say: its device lets all calls of the caller's session wait.
        pause: () => {
          const waiting = [...calls.values()].filter((other) => inSessionOf(open, other));
          const resume = waiting.flatMap((other) => [other.deadlines.device.pause(), other.deadlines.relay.pause()]);
          return () => resume.forEach((each) => each());
        },
      });
      const finish = (outcome: Outcome): void => {
        deadlines.device.end();
        deadlines.relay.end();
        signal.removeEventListener("abort", cancel);
        link.close();
        resolve(outcome);
      };
      const callId = options.callId ?? createId("call", now());
      const former = new Set<string>();
      const { onTimings } = options;
      const open: OpenCall = {
        callId,
        call,
        state: newCall,
        wanted,
        deviceId,
        former,
        deadlines,
        link,
        onTimings,
        finish,
      };
      const place = lanes.enter(deviceId, open);
      if (place === "full") return finish(tooBusy);
      calls.set(callId, open);
      signal.addEventListener("abort", cancel, { once: true });
      if (place === "started") offer(open);
    });

  /** Only of the device that has the call. */
  const linkOf = (deviceId: string, callId: string): CallerLink | null => {
    const open = calls.get(callId);
    return open?.deviceId === deviceId && open.state.sentTo !== null ? open.link : null;
  };

  return {
    call: async (call, options) => {
      const startedAt = performance.now();
      const { signal, target } = options;
      const refused = refuse(call);
      if (refused !== null) return refused;
      const wanted = { ...target, personaId: call.personaId, slotId: call.slotId };
      const connection = presence.pick(wanted) ?? (await presence.wait(wanted, { ms: config.ownerWaitMs, signal }));
      if (signal.aborted) return { kind: "fault", code: "call_cancelled", detail: {} };
      if (connection === "full") return tooBusy;
      if (connection === null) return offline(await loadLastSeen(deps.devices, target));
      return run(call, options, { wanted, deviceId: connection.deviceId, startedAt });
    },
    onReady: (connection, hello) => {
      const known = new Map(hello.calls.map(({ callId, state }) => [callId, state]));
      for (const open of lanes.of(connection.deviceId)) {
        apply(open, { type: "available", boot: connection.boot, known: known.get(open.callId) ?? null });
      }
    },
    onServes: ({ userId }) => {
      for (const open of calls.values()) {
        if (open.wanted.userId === userId && presence.get(open.deviceId) === null) move(open);
      }
    },
    onDisconnected: (deviceId) => {
      for (const open of lanes.of(deviceId)) apply(open, { type: "disconnected" });
      for (const open of lanes.allOf(deviceId)) move(open);
    },
    onResult: (deviceId, { callId, outcome, timings }) => {
      const open = calls.get(callId);
      if (open === undefined) {
        const result = { callId, outcome: nestedTooDeep(outcome) ? tooDeep : outcome };
        if (late.isAwaited(callId)) late.take(deviceId, result);
        // Settled already, or kept for whoever comes back for it: the device may forget it.
        return "taken";
      }
      if (open.former.has(deviceId)) return "taken";
      if (open.deviceId !== deviceId || open.state.sentTo === null) return "refused";
      open.onTimings?.(timings);
      apply(open, { type: "result", outcome: nestedTooDeep(outcome) ? tooDeep : outcome });
      return "awaited";
    },
    expects: (deviceId, callId) => {
      const open = calls.get(callId);
      if (open === undefined) return late.isAwaited(callId) ? "yes" : "over";
      if (open.former.has(deviceId)) return "over";
      return open.deviceId === deviceId && open.state.sentTo !== null ? "yes" : "no";
    },
    onProgress: (deviceId, notification) => linkOf(deviceId, notification.callId)?.progress(notification),
    onLog: (deviceId, notification) => linkOf(deviceId, notification.callId)?.log(notification),
    onElicited: (deviceId, notification) => linkOf(deviceId, notification.callId)?.elicited(notification),
    onAway: (deviceId, callId) => linkOf(deviceId, callId)?.away(),
    onAsk: (deviceId, ask) => {
      // Over already: its device will hear so in a moment.
      if (calls.get(ask.callId) === undefined) return Promise.resolve(over);
      return linkOf(deviceId, ask.callId)?.ask(ask) ?? null;
    },
    abandon: (deviceId) => {
      for (const open of lanes.allOf(deviceId)) apply(open, { type: "gone" });
    },
    abandonAll: () => {
      for (const open of calls.values()) apply(open, { type: "gone" });
    },
    open: () => calls.size + lanes.devices().length,
    depths: () => {
      const inFlight = lanes.devices().reduce((sum, deviceId) => sum + lanes.of(deviceId).length, 0);
      return { inFlight, queued: calls.size - inFlight };
    },
  };
}

/** Whether both are with the device on behalf of one caller; a call is so with itself. */
const inSessionOf = (one: OpenCall, other: OpenCall): boolean =>
  one === other ||
  (one.deviceId === other.deviceId && other.state.sentTo !== null && haveOneCaller(one.call, other.call));

/** What cannot be put into one frame. */
function refuse(call: OpenCall["call"]): Outcome | null {
  if (nestedTooDeep(call.params)) {
    return { kind: "fault", code: "invalid_request", detail: { problem: "the arguments are nested too deeply" } };
  }
  if (Buffer.byteLength(JSON.stringify(call)) <= FRAME_BYTES - ENVELOPE_BYTES) return null;
  return { kind: "fault", code: "payload_too_large", detail: { cap: `${FRAME_BYTES / 1_024} KiB` } };
}

const tooDeep: Outcome = {
  kind: "error",
  error: { code: -32_603, message: "The app's result is nested too deeply" },
};

const deadlineOf = (ms: number, onPassed: () => void): Deadline =>
  createDeadline({ ms, now: () => performance.now(), onPassed });

const over: Answer = { outcome: { kind: "error", error: { code: -32_603, message: "The call is over" } } };

const tooBusy: Outcome = { kind: "fault", code: "too_busy", detail: { retryAfter: "5" } };

const offline = (since: string | null): Outcome => ({
  kind: "fault",
  code: "owner_offline",
  detail: since === null ? {} : { since },
});
