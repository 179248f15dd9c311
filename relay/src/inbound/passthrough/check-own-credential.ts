import { decodeJwt } from "jose";
import { invalidToken } from "../invalid-token.ts";

const KEY = /ap_[0-9A-Za-z]{6}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/u;
const TOKENS = /eyJ[\w-]+\.[\w-]+\.[\w-]*/gu;
/** Tokens looked at of one value. */
const LOOKED_AT = 4;

/**
 * Refuses credentials of this relay, which open nothing here and must not reach an app.
 * @throws AppError `invalid_token`
 */
export function checkOwnCredential(values: readonly string[], publicUrl: string): void {
  for (const value of values) {
    const tokens = (value.match(TOKENS) ?? []).slice(0, LOOKED_AT);
    if (!KEY.test(value) && !tokens.some((token) => isOurs(token, publicUrl))) continue;
    throw invalidToken("Access keys and tokens of this relay are not accepted at this address.");
  }
}

function isOurs(token: string, publicUrl: string): boolean {
  try {
    return decodeJwt(token).iss === publicUrl;
  } catch {
    return false;
  }
}
