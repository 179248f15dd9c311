import { headerValueSchema, type Passthrough } from "@agent-personas/shared/persona/passthrough";
import type { Inbound } from "../../deps.ts";
import { invalidToken } from "../invalid-token.ts";

/**
 * The caller's headers that the persona lists, by lower-case name; nothing else of the request is ever passed on.
 * Where no token proves who calls, all of them must be there.
 * @throws AppError `invalid_token` naming the header
 */
export function readForwarded(
  { headers: listed, jwt }: Passthrough,
  sent: Parameters<Inbound["authenticate"]>[0]["headers"],
): Record<string, string> {
  const forwarded: [string, string][] = [];
  for (const { name, value: fixed, required } of listed) {
    // What is fixed is added by the device, whatever the caller says.
    if (fixed !== null) continue;
    const value = Object.hasOwn(sent, name) ? sent[name] : undefined;
    if (value === undefined || value === "") {
      if (required || jwt === null) throw invalidToken(`The header ${name} is missing.`);
      continue;
    }
    const parsed = headerValueSchema.safeParse(value);
    if (!parsed.success) throw invalidToken(`The header ${name} holds something that cannot be passed on.`);
    forwarded.push([name, parsed.data]);
  }
  return Object.fromEntries(forwarded);
}
