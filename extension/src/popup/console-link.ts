import { runtime } from "../platform/browser.ts";
import { hrefTo, type Route } from "../ui/route.ts";

/** The console's address at a place; open it in a new tab. */
export const consoleHref = (route: Route): string => runtime.getURL(`console.html${hrefTo(route)}`);
