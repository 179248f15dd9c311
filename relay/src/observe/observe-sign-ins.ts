import type { Interactions } from "../oauth/interactions.ts";
import type { Metrics } from "./metrics.ts";

/** The same sign-ins; what people answered is counted. */
export function observeSignIns(interactions: Interactions, { signIns }: Pick<Metrics, "signIns">): Interactions {
  return {
    ...interactions,
    finish: async (request, reply, decision) => {
      const next = await interactions.finish(request, reply, decision);
      signIns.inc({ answer: "allowed" });
      return next;
    },
    deny: async (request, reply) => {
      const next = await interactions.deny(request, reply);
      signIns.inc({ answer: "denied" });
      return next;
    },
  };
}
