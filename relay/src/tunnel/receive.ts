import { helloSchema, type Hello } from "@agent-personas/shared/tunnel/handshake";
import {
  askSchema,
  changedSchema,
  notificationSchema,
  resultSchema,
  type CallNotification,
  type CallResult,
  type Answer,
  type Changed,
} from "@agent-personas/shared/tunnel/messages";
import type { z } from "zod";
import type { TunnelSocket } from "./connection.ts";
import { createMessageRate } from "./message-rate.ts";

/** What a device may say. A handler answers false to what this device had no right to say. */
export type DeviceHandlers = {
  hello: (hello: Hello) => boolean;
  result: (result: CallResult) => boolean;
  progress: (progress: CallNotification) => boolean;
  changed: (changed: Changed) => boolean;
};

const STRIKES = 3;
const RATE = { perSecond: 2_000, burst: 4_000 };

/** The caller of this relay cannot be asked anything while its call runs. */
const notAsked: Answer = { outcome: { kind: "error", error: { code: -32_601, message: "Method not found" } } };

/**
 * Listens to a device: each message counted, parsed and acknowledged, and only then handled.
 * `onRefused` is called once, on the third message that is not as agreed or when there are far too many.
 */
export function receive(
  socket: TunnelSocket,
  handlers: DeviceHandlers,
  options: { now: () => number; onRefused: (reason: "malformed" | "too_fast") => void },
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
    if (!rate.take()) return refuse("too_fast");
    if (handle(handlers, event, payload)) {
      if (typeof ack === "function") ack(event === "ask" ? notAsked : { stored: true });
      return;
    }
    strikes += 1;
    if (strikes >= STRIKES) refuse("malformed");
  });
}

function handle(handlers: DeviceHandlers, event: string, payload: unknown): boolean {
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
      return notificationSchema.safeParse(payload).success;
    case "ask":
      return askSchema.safeParse(payload).success;
    default:
      return false;
  }
}

function parsed<T>(schema: z.ZodType<T>, payload: unknown, handler: (value: T) => boolean): boolean {
  const result = schema.safeParse(payload);
  return result.success && handler(result.data);
}
