import { parseRoute } from "../ui/route.ts";
import { placeOf } from "./place-of.ts";

/** Where the console is; `leavingTo` is the hash that waits for the person to confirm leaving. */
export type Places = {
  subscribe: (changed: () => void) => () => void;
  hash: () => string;
  leavingTo: () => string | null;
  /** True once after each navigation. */
  takeFocus: () => boolean;
  hold: () => () => void;
  leave: () => void;
  stay: () => void;
};

/** Follows the address bar's hash, but goes to no other place while something holds it here. */
export function createPlaces(): Places {
  const listeners = new Set<() => void>();
  let hash = location.hash;
  let leavingTo: string | null = null;
  let focusWanted = false;
  let holds = 0;
  const changed = () => listeners.forEach((listener) => listener());
  const go = (next: string) => {
    if (placeOf(parseRoute(next)) !== placeOf(parseRoute(hash))) {
      focusWanted = true;
      scrollTo({ top: 0 });
    }
    hash = next;
    leavingTo = null;
    changed();
  };
  const listen = () => {
    const next = location.hash;
    if (holds === 0 || placeOf(parseRoute(next)) === placeOf(parseRoute(hash))) return go(next);
    // Raises no event; the address again names what is shown.
    history.replaceState(null, "", hash === "" ? location.pathname : hash);
    leavingTo = next;
    changed();
  };
  return {
    subscribe: (listener) => {
      if (listeners.size === 0) addEventListener("hashchange", listen);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) removeEventListener("hashchange", listen);
      };
    },
    hash: () => hash,
    leavingTo: () => leavingTo,
    takeFocus: () => {
      const was = focusWanted;
      focusWanted = false;
      return was;
    },
    hold: () => {
      holds += 1;
      return () => {
        holds -= 1;
      };
    },
    leave: () => {
      if (leavingTo === null) return;
      history.pushState(null, "", leavingTo);
      go(leavingTo);
    },
    stay: () => {
      leavingTo = null;
      changed();
    },
  };
}
