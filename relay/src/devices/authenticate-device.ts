import { AppError } from "@agent-personas/shared/errors/app-error";
import { claimedDevice, verifyDeviceToken } from "@agent-personas/shared/oauth/device-token";
import type { KnownDevice, RelayDeps } from "../deps.ts";

type Deps = Pick<RelayDeps, "config" | "devices" | "usedTokens" | "usage" | "now">;

/**
 * Reads the device token of a REST request.
 * @throws AppError `device_token_invalid` | `clock`
 */
export async function authenticateDevice(deps: Deps, authorization: string | undefined): Promise<KnownDevice> {
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/iu.exec(authorization ?? "")?.[1];
  if (token === undefined) {
    throw new AppError("device_token_invalid", { detail: { reason: "This request needs a device token." } });
  }
  const deviceId = claimedDevice(token);
  const device = deviceId === null ? null : await deps.devices.find(deviceId);
  if (device === null) throw new AppError("device_token_invalid");
  const claims = await verifyDeviceToken(token, {
    purpose: "rest",
    audience: deps.config.publicUrl,
    publicKey: device.publicKey,
    now: deps.now(),
  });
  if (!deps.usedTokens.use(claims.jti)) {
    throw new AppError("device_token_invalid", { detail: { reason: "This device token was used before." } });
  }
  deps.usage.deviceSeen(device.deviceId);
  return device;
}
