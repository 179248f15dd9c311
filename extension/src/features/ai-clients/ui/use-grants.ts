import type { Grant } from "@agent-personas/shared/api/grants";
import { useCallback } from "react";
import { callBackground } from "../../../messages/call-background.ts";
import { useRelayList, type RelayList } from "../../../ui/use-relay-list.ts";

export type Grants = Omit<RelayList<Grant>, "items"> & { grants: Grant[] };

/** The AI clients that were allowed to use a persona. */
export function useGrants(personaId: string): Grants {
  const ask = useCallback(async () => (await callBackground("grants.list", { personaId })).grants, [personaId]);
  const { items, ...rest } = useRelayList(ask);
  return { ...rest, grants: items };
}
