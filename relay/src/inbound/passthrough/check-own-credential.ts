import { decodeJwt } from "jose";
import { findTokens } from "../../http/find-tokens.ts";
import { invalidToken } from "../invalid-token.ts";

const KEY = /ap_[0-9A-Za-z]{6}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/u;
const BASIC = /^Basic +([\w+/=-]+)$/iu;

/**
 * Refuses credentials of this relay, which open nothing here and must not reach an app.
 * @throws AppError `invalid_token`
 */
export function checkOwnCredential(values: readonly string[], publicUrl: string): void {
  for (const value of values) {
    if (!isOurs(value, publicUrl) && !isOurs(decodeBasic(value), publicUrl)) continue;
    throw invalidToken("Access keys and tokens of this relay are not accepted at this address.");
  }
}

const isOurs = (text: string, publicUrl: string): boolean =>
  KEY.test(text) || findTokens(text).some((token) => issuerOf(token) === publicUrl);

/** What a user name and password hide; empty for any other value. */
const decodeBasic = (value: string): string => Buffer.from(BASIC.exec(value)?.[1] ?? "", "base64").toString();

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}
