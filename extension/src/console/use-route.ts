import { useMemo, useState, useSyncExternalStore } from "react";
import type { LeaveGuard } from "../ui/leave-guard.ts";
import type { NavigationFocus } from "../ui/navigation-focus.ts";
import { parseRoute, type Route } from "../ui/route.ts";
import { createPlaces } from "./places.ts";

export type CurrentRoute = {
  /** Null when the hash names no place. */
  route: Route | null;
  focus: NavigationFocus;
  guard: LeaveGuard;
  /** Set while a navigation waits for the person's word. */
  leaving: { leave: () => void; stay: () => void } | null;
};

export function useRoute(): CurrentRoute {
  const [places] = useState(createPlaces);
  const hash = useSyncExternalStore(places.subscribe, places.hash);
  const leavingTo = useSyncExternalStore(places.subscribe, places.leavingTo);
  const route = useMemo(() => parseRoute(hash), [hash]);
  const focus = useMemo<NavigationFocus>(() => ({ take: places.takeFocus }), [places]);
  return { route, focus, guard: places, leaving: leavingTo === null ? null : places };
}
