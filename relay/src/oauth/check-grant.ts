import type { PresentedGrant } from "../store/grants.ts";

/** Why nothing may be done with a grant now; null when it holds. */
export function checkGrant(grant: PresentedGrant, now: number): string | null {
  if (grant.endedForReuseAt !== null) return "This sign-in was ended because one of its tokens was used twice.";
  if (grant.endedAt !== null) return "This sign-in was ended.";
  if (grant.expiresAt <= now) return "This sign-in has expired.";
  if (!grant.userHasDevice) return "The person who signed in has no paired browser any more.";
  if (grant.keyId === null) return null;
  const { key } = grant;
  if (key === null || !key.usable || (key.expiresAt !== null && key.expiresAt <= now)) {
    return "The access key that was used to sign in is not valid any more.";
  }
  return null;
}
