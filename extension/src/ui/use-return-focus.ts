import { useState } from "react";
import { focusQuietly } from "./quiet-focus.ts";

/**
 * For a dialog's panel, which is drawn only while it is open: answers what to do when it closes, so that the
 * focus goes back to what had it, unless something new took it. Radix knows only triggers of its own.
 */
export function useReturnFocus(): (event: Event) => void {
  const [before] = useState(() => document.activeElement);
  return (event) => {
    event.preventDefault();
    const now = document.activeElement;
    const free = now === null || now === document.body;
    if (free && before instanceof HTMLElement) focusQuietly(before);
  };
}
