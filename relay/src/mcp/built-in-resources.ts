import { GUIDE_URI, STATUS_URI } from "@agent-personas/shared/persona/built-in-uris";
import type { Result } from "@modelcontextprotocol/server";
import { accountInfo, type AccountInfoDeps } from "./account-info.ts";
import type { Exchange } from "./exchange.ts";
import { renderGuide } from "./guide.ts";

/** Always there, for every caller and whatever the persona offers; free. */
export const BUILT_IN_RESOURCES = [
  {
    uri: GUIDE_URI,
    name: "guide",
    title: "Guide to this persona",
    description: "Its apps, what this caller may do, prices, long calls, and what to do on each error.",
    mimeType: "text/markdown",
  },
  {
    uri: STATUS_URI,
    name: "status",
    title: "Status of this persona",
    description: "Who calls, scopes, what is left of limits, and whether the browser and each app are ready.",
    mimeType: "application/json",
  },
] as const;

/** Null for an address of something else. */
export async function readBuiltIn(uri: string, exchange: Exchange, deps: AccountInfoDeps): Promise<Result | null> {
  switch (uri) {
    case GUIDE_URI:
      return { contents: [{ uri, mimeType: "text/markdown", text: renderGuide(exchange) }] };
    case STATUS_URI: {
      const text = JSON.stringify(await accountInfo(exchange, deps));
      return { contents: [{ uri, mimeType: "application/json", text }] };
    }
    default:
      return null;
  }
}
