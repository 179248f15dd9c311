import { KEPT_MS } from "@agent-personas/shared/tunnel/device-methods";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { lastSeenText } from "../tunnel/load-last-seen.ts";
import { callApp, type AppRequest, type CallAppDeps } from "./call-app.ts";
import type { Exchange } from "./exchange.ts";

export type AskDevicesDeps = CallAppDeps & Pick<RelayDeps, "devices" | "now">;

/** Browsers of one person that are asked at most. */
const MOST = 8;

/**
 * Asks for what one of the caller's browsers keeps: each that is there, until one knows the handle. That nobody knows
 * it is only said when no browser that may have it is away.
 */
export async function askDevices(
  request: Omit<AppRequest, "slotId">,
  exchange: Exchange,
  context: Parameters<typeof callApp>[2],
  deps: AskDevicesDeps,
): Promise<Outcome> {
  const { principal } = exchange;
  const devices = principal.deviceId === null ? await deps.devices.ofUser(principal.executingUserId) : [];
  const isThere = ({ deviceId }: KnownDevice): boolean => deps.tunnel.isOnline(deviceId);
  const there = devices.filter(isThere).slice(0, MOST);
  const away = devices.filter((device) => !isThere(device));
  const ask = (deviceId: string | null): Promise<Outcome> =>
    callApp({ ...request, slotId: null }, { ...exchange, principal: { ...principal, deviceId } }, context, deps);
  if (there.length === 0) return ask(principal.deviceId);
  for (const { deviceId } of there) {
    const outcome = await ask(deviceId);
    if (outcome.kind !== "fault" || outcome.code !== "handle_unknown") return outcome;
  }
  const seenAt = Math.max(...away.map(({ lastSeenAt }) => lastSeenAt ?? 0));
  if (seenAt <= deps.now() - KEPT_MS) return { kind: "fault", code: "handle_unknown", detail: {} };
  // When the owner was there is nothing for callers that the owner may not even know.
  const detail: Record<string, string> = principal.kind === "external" ? {} : { since: lastSeenText(seenAt) };
  return { kind: "fault", code: "owner_offline", detail };
}
