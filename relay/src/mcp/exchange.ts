import type { Caller } from "../deps.ts";

/** What a method needs to know of the request that it answers. */
export type Exchange = Caller & {
  era: "legacy" | "modern";
  /** As the client reports itself; not to be trusted. */
  client: string;
  /** The legacy session; null in the era without. */
  session: string | null;
  traceparent: string | null;
};
