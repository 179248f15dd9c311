import type { PresentedKey } from "../store/access-keys.ts";
import { invalidToken } from "./invalid-token.ts";

/** Whether a key opens anything now; also asked for what was signed in with it. @throws AppError `invalid_token` */
export function checkKey(key: PresentedKey, now: number): void {
  if (key.revokedAt !== null) throw invalidToken("This access key was revoked.");
  if (key.disabledAt !== null) throw invalidToken("This access key is disabled; its owner can enable it again.");
  if (key.expiresAt !== null && key.expiresAt <= now) throw invalidToken("This access key has expired.");
  if (!key.creatorHasDevice) {
    throw invalidToken("The person who created this access key has no paired browser any more.");
  }
  if (!key.deviceUsable) throw invalidToken("The browser that this access key names was removed.");
}
