import { isAppError } from "@agent-personas/shared/errors/app-error";
import { claimedDevice } from "@agent-personas/shared/oauth/device-token";
import { verifySignInToken } from "@agent-personas/shared/oauth/sign-in-token";
import type { RelayDeps } from "../deps.ts";
import type { PendingSignIn } from "../oauth/interactions.ts";
import { mayUse } from "./may-use.ts";
import type { Identity, Notice } from "./progress.ts";

type Deps = Pick<RelayDeps, "config" | "devices" | "personas" | "usedTokens" | "now">;

/** The person whose browser signed `token` for exactly this sign-in. */
export async function identifyByExtension(
  deps: Deps,
  pending: PendingSignIn,
  token: string,
): Promise<Identity | Notice> {
  const deviceId = claimedDevice(token);
  const device = deviceId === null ? null : await deps.devices.find(deviceId);
  if (device === null) return "extension_refused";
  const { uid, nonce, client } = pending;
  const claims = { interaction: uid, client_id: client.clientId, redirect_uri: client.redirectUri, nonce };
  try {
    const { jti } = await verifySignInToken(token, {
      publicKey: device.publicKey,
      audience: deps.config.publicUrl,
      now: deps.now(),
      claims,
    });
    if (!deps.usedTokens.use(jti)) return "extension_refused";
  } catch (error) {
    if (!isAppError(error)) throw error;
    return error.code === "clock" ? "clock" : "extension_refused";
  }
  if (pending.personaId !== null && !mayUse(await deps.personas.byId(pending.personaId), device.userId)) {
    return "not_yours";
  }
  return { kind: "person", userId: device.userId, deviceId: device.deviceId };
}
