import { helloSchema, type Hello } from "@agent-personas/shared/tunnel/handshake";
import {
  askSchema,
  awaySchema,
  noticeSchema,
  partSchema,
  changedSchema,
  notificationSchema,
  resultSchema,
  type CallNotification,
  type CallResult,
  type Answer,
  type Ask,
  type Away,
  type Changed,
  type Notice,
  type Part,
} from "@agent-personas/shared/tunnel/messages";
import type { z } from "zod";
import type { TunnelSocket } from "./connection.ts";
import { createMessageRate } from "@agent-personas/shared/tunnel/message-rate";

/** `awaited`: it was asked for, so it does not count against the rate. `refused`: this device had no right to say it. */
export type Reception = "awaited" | "taken" | "refused";

/** What a device may say. */
export type DeviceHandlers = {
  hello: (hello: Hello) => Reception;
  result: (result: CallResult) => Reception;
  part: (part: Part) => Reception;
  progress: (progress: CallNotification) => Reception;
  log: (log: CallNotification) => Reception;
  away: (away: Away) => Reception;
  elicited: (elicited: CallNotification) => Reception;
  notice: (notice: Notice) => Reception;
  /** Null when this device had no right to ask. */
  ask: (ask: Ask) => Promise<Answer> | null;
  changed: (changed: Changed) => Reception;
};

const STRIKES = 3;
const RATE = { perSecond: 500, burst: 2_000 };
/** May get lost, so they are dropped when there are too many of them. */
const VOLATILE = new Set(["progress", "log", "away", "elicited", "notice"]);

/**
 * Listens to a device: each message counted, parsed and acknowledged, and only then handled.
 * `onRefused` is called once, on the third message that is not as agreed or when there are far too many.
 */
export function receive(
  socket: TunnelSocket,
  handlers: DeviceHandlers,
  options: {
    now: () => number;
    onRefused: (reason: "malformed" | "too_fast") => void;
    onError: (error: unknown) => void;
  },
): void {
  const rate = createMessageRate(RATE, options.now);
  let strikes = 0;
  let refused = false;

  const refuse = (reason: "malformed" | "too_fast"): void => {
    if (refused) return;
    refused = true;
    options.onRefused(reason);
  };

  socket.onAny((event: string, payload: unknown, ack: unknown) => {
    if (refused) return;
    if (!rate.take()) return VOLATILE.has(event) ? undefined : refuse("too_fast");
    const reply = (answer: unknown): void => void (typeof ack === "function" && ack(answer));
    const reception = guarded(() => handle(handlers, event, payload, reply), options.onError);
    if (reception === "awaited") rate.giveBack();
    if (reception === "refused") {
      strikes += 1;
      if (strikes >= STRIKES) refuse("malformed");
    } else if (event !== "ask") {
      reply({ stored: true });
    }
  });
}

/** An error here would end the process, and with it everybody's tunnel. */
function guarded(act: () => Reception, onError: (error: unknown) => void): Reception {
  try {
    return act();
  } catch (error) {
    onError(error);
    return "refused";
  }
}

function handle(handlers: DeviceHandlers, event: string, payload: unknown, reply: (answer: Answer) => void): Reception {
  switch (event) {
    case "hello":
      return parsed(helloSchema, payload, handlers.hello);
    case "result":
      return parsed(resultSchema, payload, handlers.result);
    case "progress":
      return parsed(notificationSchema, payload, handlers.progress);
    case "changed":
      return parsed(changedSchema, payload, handlers.changed);
    case "log":
      return parsed(notificationSchema, payload, handlers.log);
    case "elicited":
      return parsed(notificationSchema, payload, handlers.elicited);
    case "away":
      return parsed(awaySchema, payload, handlers.away);
    case "notice":
      return parsed(noticeSchema, payload, handlers.notice);
    case "part":
      return parsed(partSchema, payload, handlers.part);
    case "ask":
      return parsed(askSchema, payload, (ask) => {
        const answer = handlers.ask(ask);
        if (answer === null) return "refused";
        void answer.then(reply, () => undefined);
        return "taken";
      });
    default:
      return "refused";
  }
}

function parsed<T>(schema: z.ZodType<T>, payload: unknown, handler: (value: T) => Reception): Reception {
  const result = schema.safeParse(payload);
  return result.success ? handler(result.data) : "refused";
}
