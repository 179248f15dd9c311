import type { ErrorCode } from "@agent-personas/shared/errors/codes";
import { KEPT_MS } from "@agent-personas/shared/tunnel/device-methods";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { lastSeenText } from "../tunnel/load-last-seen.ts";
import { callApp, type AppRequest, type CallAppDeps } from "./call-app.ts";
import type { Exchange } from "./exchange.ts";

export type AskDevicesDeps = CallAppDeps & Pick<RelayDeps, "devices" | "now">;

/** Browsers of one person that are asked at most. */
const MOST = 8;

/** Faults of a browser that went away meanwhile; the next may know the handle. */
const GONE = new Set<ErrorCode>(["owner_offline", "not_delivered"]);

/**
 * Asks for what one of the caller's browsers keeps: each that is there, until one knows the handle. That nobody knows
 * it is only said when no browser that may have it is away; to callers that the owner may not even know once any
 * browser does not know it, as a made-up handle would tell them else that the owner has others.
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
  let gone: Outcome | null = null;
  let isUnknown = false;
  for (const { deviceId } of there) {
    const outcome = await ask(deviceId);
    if (outcome.kind !== "fault") return outcome;
    if (outcome.code === "handle_unknown") isUnknown = true;
    else if (GONE.has(outcome.code)) gone = outcome;
    else return outcome;
  }
  const unknown: Outcome = { kind: "fault", code: "handle_unknown", detail: {} };
  if (principal.kind === "external" && isUnknown) return unknown;
  if (gone !== null) return gone;
  const seenAt = Math.max(...away.map(({ lastSeenAt }) => lastSeenAt ?? 0));
  if (seenAt <= deps.now() - KEPT_MS) return unknown;
  return { kind: "fault", code: "owner_offline", detail: { since: lastSeenText(seenAt) } };
}
