import { BUDGET_WARNING } from "@agent-personas/shared/api/limits";

export type UsageLevel = "fine" | "near" | "over";

/** What was used of a monthly number. `limit` is what holds: the tighter of the own one and the relay's. */
export type UsageLine = {
  used: number;
  limit: number | null;
  level: UsageLevel;
  /** 0–1; null without a limit. */
  share: number | null;
  byRelay: boolean;
};

export function usageLine(used: number, own: number | null, relay: number | null = null): UsageLine {
  const byRelay = relay !== null && (own === null || relay < own);
  const limit = byRelay ? relay : own;
  const share = limit === null ? null : limit === 0 ? 1 : Math.min(used / limit, 1);
  return { used, limit, level: levelOf(share), share, byRelay };
}

/** The worst of several: what a summary of them says. */
export function worstLevel(lines: readonly { level: UsageLevel }[]): UsageLevel {
  if (lines.some(({ level }) => level === "over")) return "over";
  return lines.some(({ level }) => level === "near") ? "near" : "fine";
}

function levelOf(share: number | null): UsageLevel {
  if (share === null || share < BUDGET_WARNING) return "fine";
  return share < 1 ? "near" : "over";
}
