import { claimedDevice, verifyDeviceToken } from "@agent-personas/shared/oauth/device-token";
import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import {
  OLDEST_TUNNEL_PROTOCOL,
  TUNNEL_PROTOCOL,
  tunnelAuthSchema,
  type TunnelRefusal,
} from "@agent-personas/shared/tunnel/handshake";
import { z } from "zod";
import type { Config } from "../config.ts";
import type { DeviceDirectory, UsedTokens } from "../deps.ts";
import type { SocketData } from "./connection.ts";

const protocolSchema = z.object({ protocol: z.int() });

/**
 * Proves which device a socket belongs to.
 * @throws AppError `protocol_unsupported` | `clock` | `device_token_invalid`
 */
export async function checkHandshake(
  auth: unknown,
  deps: {
    config: Pick<Config, "publicUrl">;
    devices: DeviceDirectory;
    usedTokens: UsedTokens;
    now: () => number;
  },
): Promise<SocketData> {
  checkProtocol(auth);
  const parsed = tunnelAuthSchema.safeParse(auth);
  if (!parsed.success) throw new AppError("device_token_invalid", { cause: parsed.error });
  const { token, deviceId, bootId, ledgerId } = parsed.data;
  const device = claimedDevice(token) === deviceId ? await deps.devices.find(deviceId) : null;
  if (device === null) throw new AppError("device_token_invalid");
  const claims = await verifyDeviceToken(token, {
    purpose: "tunnel",
    audience: deps.config.publicUrl,
    publicKey: device.publicKey,
    now: deps.now(),
  });
  if (claims.sub !== deviceId || !deps.usedTokens.use(claims.jti)) throw new AppError("device_token_invalid");
  return { deviceId, userId: device.userId, boot: { bootId, ledgerId }, preferred: device.preferred };
}

/** Before the rest, since the other fields may differ between versions. */
function checkProtocol(auth: unknown): void {
  const parsed = protocolSchema.safeParse(auth);
  if (!parsed.success) throw new AppError("device_token_invalid", { cause: parsed.error });
  const { protocol } = parsed.data;
  if (protocol > TUNNEL_PROTOCOL) throw new AppError("protocol_unsupported", { detail: { update: "relay" } });
  if (protocol < OLDEST_TUNNEL_PROTOCOL) {
    throw new AppError("protocol_unsupported", { detail: { update: "extension" } });
  }
}

/** What a refused device reads, so that it can correct its clock or tell its person what to update. */
export function renderRefusal(error: unknown, serverTime: number): TunnelRefusal {
  if (!isAppError(error)) return { code: "internal_error", serverTime };
  switch (error.code) {
    case "protocol_unsupported":
      return { code: error.code, serverTime, update: error.detail["update"] === "relay" ? "relay" : "extension" };
    case "clock":
    case "device_token_invalid":
    case "shutting_down":
    case "too_busy":
      return { code: error.code, serverTime };
    default:
      return { code: "internal_error", serverTime };
  }
}
