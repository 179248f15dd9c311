import { canonicalJson } from "../primitives/canonical-json.ts";
import type { Call } from "./messages.ts";

type Caller = Pick<Call, "personaId" | "principal" | "session">;
type ForwardingCaller = Caller & Pick<Call, "forwardedHeaders">;

/** Names the one caller whose session at an app a call may use: never another persona's, key's or client's. */
export function callerKey({ personaId, principal, session }: Caller): string {
  return JSON.stringify([personaId, principal.kind, principal.id, session ?? principal.client, session === null]);
}

/**
 * Whether two calls may use one session at an app. Strangers behind one address are one principal: what tells them
 * apart is what they forward. Which slots share a connection only the device knows, so they are not compared.
 */
export const haveOneCaller = (one: ForwardingCaller, other: ForwardingCaller): boolean =>
  callerKey(one) === callerKey(other) && canonicalJson(one.forwardedHeaders) === canonicalJson(other.forwardedHeaders);
