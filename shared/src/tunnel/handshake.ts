import { z } from "zod";
import { callIdSchema, deviceIdSchema } from "../primitives/id.ts";

export const TUNNEL_NAMESPACE = "/tunnel";
export const TUNNEL_PATH = "/socket.io";

/** The relay speaks this version and the one before, because store reviews make extensions lag. */
export const TUNNEL_PROTOCOL = 1;
export const OLDEST_TUNNEL_PROTOCOL = 1;

/** A worker without traffic dies at 30 s, so this ping is what keeps calls alive, not a nicety. */
export const PING_INTERVAL_MS = 20_000;

/** `auth` of the Socket.IO handshake; made anew for each attempt, since a token is used once. */
export const tunnelAuthSchema = z.strictObject({
  token: z.string().max(1_500),
  deviceId: deviceIdSchema,
  /** New at every start of the worker. */
  bootId: z.string().min(8).max(64),
  /** New when the browser forgot its ledger; then nobody knows what the device did before. */
  ledgerId: z.string().min(8).max(64),
  protocol: z.int(),
});
export type TunnelAuth = z.infer<typeof tunnelAuthSchema>;

/** `data` of a refused connect. */
export const tunnelRefusalSchema = z.object({
  code: z.enum([
    "clock",
    "device_token_invalid",
    "protocol_unsupported",
    "shutting_down",
    "too_busy",
    "internal_error",
  ]),
  /** The relay's time in ms, so that a device with a wrong clock can sign again. */
  serverTime: z.number(),
  update: z.enum(["extension", "relay"]).optional(),
});
export type TunnelRefusal = z.infer<typeof tunnelRefusalSchema>;

/** First message after `connect`: what the device knows of calls that may still be open. */
export const helloSchema = z.strictObject({
  calls: z.array(z.strictObject({ callId: callIdSchema, state: z.enum(["unstarted", "running", "done"]) })).max(1_000),
});
export type Hello = z.infer<typeof helloSchema>;
