import type { RelayApi } from "../../lib/relay-api.ts";
import type { CommandsOf, Handlers } from "../../messages/handlers.ts";

/** A pasted token is verified by the relay, as its endpoint would; it is kept nowhere. */
export function createPassthroughService({ api }: { api: RelayApi }): Handlers<CommandsOf<"passthrough">> {
  return { "passthrough.try": (input) => api.tryToken(input) };
}
