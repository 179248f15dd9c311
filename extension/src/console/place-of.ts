import type { Route } from "../ui/route.ts";

/** What a page is about: changing its tab is not going elsewhere. */
export function placeOf(route: Route | null): string {
  if (route === null) return "nowhere";
  if ("personaId" in route) return `${route.page} ${route.personaId}`;
  return "appId" in route ? `${route.page} ${route.appId}` : route.page;
}
