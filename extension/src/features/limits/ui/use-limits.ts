import type { LimitsOverview } from "@agent-personas/shared/api/limits";
import { callBackground } from "../../../messages/call-background.ts";
import { useRelayList, type RelayList } from "../../../ui/use-relay-list.ts";

export type Limits = Omit<RelayList<LimitsOverview>, "items"> & { overview: LimitsOverview | null };

/** The person's limits and what this month has used; null until the relay has answered. */
export function useLimits(): Limits {
  const { items, ...rest } = useRelayList(askOverview);
  return { ...rest, overview: items[0] ?? null };
}

const askOverview = async (): Promise<LimitsOverview[]> => [await callBackground("limits.get", {})];
