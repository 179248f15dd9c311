import type { Result } from "@modelcontextprotocol/server";
import { accountInfo, type AccountInfoDeps } from "./account-info.ts";
import type { Exchange } from "./exchange.ts";
import { renderGuide } from "./guide.ts";

const GUIDE = "persona://guide";
export const STATUS = "persona://status";
export const BUILT_IN_URIS: ReadonlySet<string> = new Set([GUIDE, STATUS]);

/** Always there, for every caller and whatever the persona offers; free. */
export const BUILT_IN_RESOURCES = [
  {
    uri: GUIDE,
    name: "guide",
    title: "Guide to this persona",
    description: "Its apps, what this caller may do, prices, long calls, and what to do on each error.",
    mimeType: "text/markdown",
  },
  {
    uri: STATUS,
    name: "status",
    title: "Status of this persona",
    description: "Who calls, scopes, what is left of limits, and whether the browser and each app are ready.",
    mimeType: "application/json",
  },
] as const;

/** Null for an address of something else. */
export async function readBuiltIn(uri: string, exchange: Exchange, deps: AccountInfoDeps): Promise<Result | null> {
  switch (uri) {
    case GUIDE:
      return { contents: [{ uri, mimeType: "text/markdown", text: renderGuide(exchange) }] };
    case STATUS: {
      const text = JSON.stringify(await accountInfo(exchange, deps));
      return { contents: [{ uri, mimeType: "application/json", text }] };
    }
    default:
      return null;
  }
}
