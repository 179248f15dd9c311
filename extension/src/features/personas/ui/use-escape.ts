import { useEffect, useRef, type RefObject } from "react";

const LAYERS = "[role=dialog],[role=alertdialog],[role=listbox],[role=menu]";

/** Escape in `area`, or where nothing has the focus, unless a dialog or list is open that it belongs to. */
export function useEscape(area: RefObject<HTMLElement | null>, onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector(LAYERS) !== null) return;
      const target = event.target instanceof Node ? event.target : null;
      if (target === document.body || target instanceof HTMLHeadingElement || area.current?.contains(target)) {
        latest.current();
      }
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [area]);
}
