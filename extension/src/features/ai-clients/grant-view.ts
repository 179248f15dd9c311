import type { Grant } from "@agent-personas/shared/api/grants";

/** What the relay ended because a token was used twice comes first, then by the last use. */
export function sortGrants(grants: readonly Grant[]): Grant[] {
  return grants.toSorted((a, b) => Number(isEnded(b)) - Number(isEnded(a)) || last(b) - last(a));
}

/** The relay lists it for a while so that its person hears of it; nothing of it works. */
export const isEnded = ({ endedForReuseAt }: Grant): boolean => endedForReuseAt !== null;

const last = ({ lastUsedAt, createdAt }: Grant): number => lastUsedAt ?? createdAt;
