import { createId } from "@agent-personas/shared/primitives/id";
import type { Hello } from "@agent-personas/shared/tunnel/handshake";
import {
  acceptedSchema,
  FRAME_BYTES,
  NOTIFICATION_LENGTH,
  type Call,
  type CallNotification,
  type CallResult,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
import type { Config } from "../config.ts";
import type { DeviceDirectory, Tunnel } from "../deps.ts";
import type { Connection } from "./connection.ts";
import { createLanes } from "./lanes.ts";
import { createMessageRate, type MessageRate } from "@agent-personas/shared/tunnel/message-rate";
import { nestedTooDeep } from "@agent-personas/shared/primitives/nested-too-deep";
import { advance, newCall, type CallEffect, type CallEvent, type CallState } from "./open-call.ts";
import type { Presence } from "./presence.ts";
import type { Reception } from "./receive.ts";
import { loadLastSeen } from "./load-last-seen.ts";

/** How long a device with a live socket may take to say that it has a call. Milliseconds. */
const ACCEPT_MS = 10_000;

/** Room in a frame for what is added to the call. */
const ENVELOPE_BYTES = 1_024;
/** Progress beyond it is dropped: a caller that does not read must not fill the relay's memory. */
const PROGRESS = { perSecond: 50, burst: 100 };

type OpenCall = {
  callId: string;
  call: Parameters<Tunnel["call"]>[0];
  state: CallState;
  deviceId: string;
  /** On the clock that only grows. */
  startedAt: number;
  progressRate: MessageRate;
  onProgress: ((notification: CallNotification) => void) | undefined;
  finish: (outcome: Outcome) => void;
};

/** Carries calls to devices and their outcomes back; `advance` decides, this acts. */
export type Dispatcher = {
  call: Tunnel["call"];
  onReady: (connection: Connection, hello: Hello) => void;
  onDisconnected: (deviceId: string) => void;
  onResult: (deviceId: string, result: CallResult) => Reception;
  onProgress: (deviceId: string, notification: CallNotification) => void;
  /** The device will not come back: its calls end at once. */
  abandon: (deviceId: string) => void;
  abandonAll: () => void;
  open: () => number;
};

export function createDispatcher(deps: {
  config: Pick<Config, "ownerWaitMs" | "deviceDeadlineMs" | "relayDeadlineMs">;
  now: () => number;
  devices: DeviceDirectory;
  presence: Presence;
  /** The socket is up, but nobody answers on it. */
  onSilent: (connection: Connection) => void;
}): Dispatcher {
  const { config, now, presence } = deps;
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
    const deadline = config.deviceDeadlineMs - (performance.now() - open.startedAt);
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

  const run = (call: OpenCall["call"], options: Parameters<Tunnel["call"]>[1], deviceId: string, startedAt: number) =>
    new Promise<Outcome>((resolve) => {
      const { signal, onProgress } = options;
      const timer = setTimeout(
        () => apply(open, { type: "deadline" }),
        config.relayDeadlineMs - (performance.now() - startedAt),
      );
      const cancel = (): void => apply(open, { type: "cancelled" });
      const finish = (outcome: Outcome): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", cancel);
        resolve(outcome);
      };
      const callId = createId("call", now());
      const progressRate = createMessageRate(PROGRESS, now);
      const open: OpenCall = { callId, call, state: newCall, deviceId, startedAt, progressRate, onProgress, finish };
      const place = lanes.enter(deviceId, open);
      if (place === "full") return finish(tooBusy);
      calls.set(callId, open);
      signal.addEventListener("abort", cancel, { once: true });
      if (place === "started") offer(open);
    });

  return {
    call: async (call, options) => {
      const startedAt = performance.now();
      const { signal, target } = options;
      const refused = refuse(call);
      if (refused !== null) return refused;
      const wanted = { ...target, personaId: call.personaId, slotId: call.slotId };
      const connection = presence.pick(wanted) ?? (await presence.wait(wanted, { ms: config.ownerWaitMs, signal }));
      if (signal.aborted) return { kind: "fault", code: "call_cancelled", detail: {} };
      if (connection === null) return offline(await loadLastSeen(deps.devices, target));
      return run(call, options, connection.deviceId, startedAt);
    },
    onReady: (connection, hello) => {
      const known = new Map(hello.calls.map(({ callId, state }) => [callId, state]));
      for (const open of lanes.of(connection.deviceId)) {
        apply(open, { type: "available", boot: connection.boot, known: known.get(open.callId) ?? null });
      }
    },
    onDisconnected: (deviceId) => {
      for (const open of lanes.of(deviceId)) apply(open, { type: "disconnected" });
    },
    onResult: (deviceId, { callId, outcome }) => {
      const open = calls.get(callId);
      // Settled already, or asked for by a relay that has restarted since: the device may forget it.
      if (open === undefined) return "taken";
      if (open.deviceId !== deviceId || open.state.sentTo === null) return "refused";
      apply(open, { type: "result", outcome: nestedTooDeep(outcome) ? tooDeep : outcome });
      return "awaited";
    },
    onProgress: (deviceId, notification) => {
      const open = calls.get(notification.callId);
      if (open?.deviceId !== deviceId || open.state.sentTo === null || !open.progressRate.take()) return;
      if (nestedTooDeep(notification.params)) return;
      if (JSON.stringify(notification.params).length <= NOTIFICATION_LENGTH) open.onProgress?.(notification);
    },
    abandon: (deviceId) => {
      for (const open of lanes.allOf(deviceId)) apply(open, { type: "gone" });
    },
    abandonAll: () => {
      for (const open of calls.values()) apply(open, { type: "gone" });
    },
    open: () => calls.size + lanes.devices().length,
  };
}

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

const tooBusy: Outcome = { kind: "fault", code: "too_busy", detail: { retryAfter: "5" } };

const offline = (since: string | null): Outcome => ({
  kind: "fault",
  code: "owner_offline",
  detail: since === null ? {} : { since },
});
