import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import type { RelayDeps } from "../deps.ts";
import { callApp, type AppRequest, type CallAppDeps } from "./call-app.ts";
import type { Exchange } from "./exchange.ts";

export type AskDevicesDeps = CallAppDeps & Pick<RelayDeps, "devices">;

/** Browsers of one person that are asked at most. */
const MOST = 8;

/** Asks for what one of the caller's browsers keeps: each that is there, until one knows the handle. */
export async function askDevices(
  request: Omit<AppRequest, "slotId">,
  exchange: Exchange,
  context: Parameters<typeof callApp>[2],
  deps: AskDevicesDeps,
): Promise<Outcome> {
  const { principal } = exchange;
  const devices = principal.deviceId === null ? await deps.devices.ofUser(principal.executingUserId) : [];
  const there = devices.filter(({ deviceId }) => deps.tunnel.isOnline(deviceId)).slice(0, MOST);
  const ask = (deviceId: string | null): Promise<Outcome> =>
    callApp({ ...request, slotId: null }, { ...exchange, principal: { ...principal, deviceId } }, context, deps);
  if (there.length < 2) return ask(principal.deviceId);
  for (const { deviceId } of there.slice(0, -1)) {
    const outcome = await ask(deviceId);
    if (outcome.kind !== "fault" || outcome.code !== "handle_unknown") return outcome;
  }
  return ask(there.at(-1)?.deviceId ?? null);
}
