import type { Grant } from "@agent-personas/shared/api/grants";

export type GrantStatus = "active" | "expired" | "ended";

/** Ended by the relay because a token was used twice, else by time alone; a revoked one is not listed. */
export function grantStatus({ endedForReuseAt, expiresAt }: Grant, now: number): GrantStatus {
  if (endedForReuseAt !== null) return "ended";
  return expiresAt <= now ? "expired" : "active";
}

/** What wants the person first, then the ones in use, the one used last before the others. */
export function sortGrants(grants: readonly Grant[], now: number): Grant[] {
  const order = { ended: 0, active: 1, expired: 2 } as const;
  return grants.toSorted((a, b) => order[grantStatus(a, now)] - order[grantStatus(b, now)] || last(b) - last(a));
}

const last = ({ lastUsedAt, createdAt }: Grant): number => lastUsedAt ?? createdAt;
