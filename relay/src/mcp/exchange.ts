import type { PublishedPersona } from "../deps.ts";
import type { Principal } from "../inbound/principal.ts";

/** Who asks for what, once the guards let it pass; one per HTTP request. */
export type Caller = { principal: Principal; persona: PublishedPersona };

/** What a method needs to know of the request that it answers. */
export type Exchange = Caller & {
  era: "legacy" | "modern";
  /** As the client reports itself; not to be trusted. */
  client: string;
  /** The legacy session; null in the era without. */
  session: string | null;
  traceparent: string | null;
};
