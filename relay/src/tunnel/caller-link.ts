import { nestedTooDeep } from "@agent-personas/shared/primitives/nested-too-deep";
import { createMessageRate } from "@agent-personas/shared/tunnel/message-rate";
import {
  ASKS_PER_CALL,
  ENVELOPE_BYTES,
  FRAME_BYTES,
  NOTIFICATION_LENGTH,
  type Answer,
  type Ask,
  type CallNotification,
  type Outcome,
} from "@agent-personas/shared/tunnel/messages";
import type { Tunnel } from "../deps.ts";

/** Beyond it notifications are dropped: a caller that does not read must not fill the relay's memory. */
const NOTIFICATIONS = { perSecond: 50, burst: 100 };

/** What passes between an app and the caller while a call runs. */
export type CallerLink = {
  progress: (notification: CallNotification) => void;
  log: (notification: CallNotification) => void;
  elicited: (notification: CallNotification) => void;
  away: () => void;
  /** The same question again (its device was cut off meanwhile) gets the same answer and is put once. */
  ask: (ask: Ask) => Promise<Answer>;
  /** The call is over: what is still asked is answered so. */
  close: () => void;
};

type Options = Pick<Parameters<Tunnel["call"]>[1], "onProgress" | "onLog" | "onElicited" | "onAway" | "onAsk">;

/** `pause` stops the call's deadlines until its answer is called. */
export function createCallerLink(
  { onProgress, onLog, onElicited, onAway, onAsk }: Options,
  { now, pause }: { now: () => number; pause: () => () => void },
): CallerLink {
  const rate = createMessageRate(NOTIFICATIONS, now);
  const asks = new Map<string, Promise<Answer>>();
  const over = new AbortController();

  const pass = (to: typeof onProgress, notification: CallNotification): void => {
    if (to === undefined || !rate.take() || nestedTooDeep(notification.params)) return;
    if (JSON.stringify(notification.params).length <= NOTIFICATION_LENGTH) to(notification);
  };

  const put = async (ask: Ask): Promise<Answer> => {
    if (onAsk === undefined) return refusal(-32_601, "Nobody can be asked");
    if (nestedTooDeep(ask.params)) return refusal(-32_602, "The question is nested too deeply");
    const { promise, reject } = Promise.withResolvers<never>();
    const end = (): void => reject(over.signal.reason);
    const resume = pause();
    over.signal.addEventListener("abort", end, { once: true });
    try {
      over.signal.throwIfAborted();
      return fitting(await Promise.race([onAsk(ask, over.signal), promise]));
    } catch {
      return refusal(-32_603, "The question was not answered");
    } finally {
      resume();
      over.signal.removeEventListener("abort", end);
    }
  };

  return {
    progress: (notification) => pass(onProgress, notification),
    log: (notification) => pass(onLog, notification),
    elicited: (notification) => pass(onElicited, notification),
    away: () => {
      if (rate.take()) onAway?.();
    },
    ask: (ask) => {
      const known = asks.get(ask.askId);
      if (known !== undefined) return known;
      if (asks.size >= ASKS_PER_CALL) return Promise.resolve(refusal(-32_603, "Too many questions in one call"));
      const answer = put(ask);
      asks.set(ask.askId, answer);
      return answer;
    },
    close: () => over.abort(new Error("The call is over.")),
  };
}

/** An answer goes to the device in one frame, as the arguments of a call do. */
function fitting(outcome: Outcome): Answer {
  if (nestedTooDeep(outcome)) return refusal(-32_603, "The answer is nested too deeply");
  const fits = Buffer.byteLength(JSON.stringify(outcome)) <= FRAME_BYTES - ENVELOPE_BYTES;
  return fits ? { outcome } : refusal(-32_603, `The answer is too long: at most ${FRAME_BYTES / 1_024} KiB`);
}

function refusal(code: number, message: string): Answer {
  const outcome: Outcome = { kind: "error", error: { code, message } };
  return { outcome };
}
