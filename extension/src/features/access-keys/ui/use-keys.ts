import type { AccessKey } from "@agent-personas/shared/api/personas";
import { useCallback } from "react";
import { callBackground } from "../../../messages/call-background.ts";
import { useRelayList, type RelayList } from "../../../ui/use-relay-list.ts";

export type Keys = Omit<RelayList<AccessKey>, "items"> & { keys: AccessKey[] };

/** A persona's access keys. */
export function useKeys(personaId: string): Keys {
  const ask = useCallback(async () => (await callBackground("keys.list", { personaId })).keys, [personaId]);
  const { items, ...rest } = useRelayList(ask);
  return { ...rest, keys: items };
}
