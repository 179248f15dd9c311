import { useCallback, useMemo, useRef, useSyncExternalStore } from "react";
import type { NavigationFocus } from "../ui/navigation-focus.ts";
import { parseRoute, type Route } from "../ui/route.ts";
import { placeOf } from "./place-of.ts";

/** `route` is null when the hash names no place. */
export type CurrentRoute = { route: Route | null; focus: NavigationFocus };

export function useRoute(): CurrentRoute {
  const wanted = useRef(false);
  const subscribe = useCallback((changed: () => void) => {
    let place = placeOf(parseRoute(location.hash));
    const listen = () => {
      const next = placeOf(parseRoute(location.hash));
      if (next !== place) {
        wanted.current = true;
        scrollTo({ top: 0 });
      }
      place = next;
      changed();
    };
    addEventListener("hashchange", listen);
    return () => removeEventListener("hashchange", listen);
  }, []);
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  const route = useMemo(() => parseRoute(hash), [hash]);
  const focus = useMemo<NavigationFocus>(
    () => ({
      take: () => {
        const was = wanted.current;
        wanted.current = false;
        return was;
      },
    }),
    [],
  );
  return { route, focus };
}
