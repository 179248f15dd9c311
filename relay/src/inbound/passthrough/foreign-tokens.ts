import type { ForeignTokens, RelayDeps } from "../../deps.ts";
import type { Network } from "../../http/outbound/pinned-request.ts";
import { createForeignKeys } from "./foreign-keys.ts";
import { verifyForeignToken } from "./verify-foreign-token.ts";

/** One for the endpoint and for tries, so that both see the same keys and ask for them no more often. */
export function createForeignTokens(
  deps: Pick<RelayDeps, "config" | "now"> & { network?: Network | undefined },
): ForeignTokens {
  const keys = createForeignKeys({ now: deps.now, ...(deps.network === undefined ? {} : { network: deps.network }) });
  const parts = { now: deps.now, keys, ownIssuer: deps.config.publicUrl };
  return { verify: (token, by) => verifyForeignToken(parts, token, by) };
}
