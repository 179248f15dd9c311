import type { Page } from "playwright-core";
import { z } from "zod";

const stopSchema = z.object({ name: z.string(), shown: z.boolean(), inView: z.boolean() });
type FocusStop = z.infer<typeof stopSchema>;

/** What has the focus now, whether a ring shows it, and whether it is on the screen. */
const LOOK = `(() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return null;
  const ring = (pseudo) => {
    const style = getComputedStyle(element, pseudo);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  };
  const box = element.getBoundingClientRect();
  const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
  return {
    name: (element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "").trim().slice(0, 60) || element.tagName,
    shown: ring(null) || ring("::after"),
    inView: at !== null && (element.contains(at) || at.contains(element) || element.labels?.[0]?.contains(at) === true),
  };
})()`;

/** Presses Tab until `last` has the focus, at most 80 times; answers every stop on the way. */
export async function walkFocus(page: Page, last: string): Promise<FocusStop[]> {
  const stops: FocusStop[] = [];
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    const seen: unknown = await page.evaluate(LOOK);
    if (seen === null) continue;
    const stop = stopSchema.parse(seen);
    stops.push(stop);
    if (stop.name.startsWith(last)) return stops;
  }
  throw new Error(`Tab never reached ${last}: ${stops.map(({ name }) => name).join(", ")}`);
}

/** Stops that a person at the keyboard would not find on the screen. */
export const lostStops = (stops: readonly FocusStop[]): string[] =>
  stops
    .filter(({ shown, inView }) => !shown || !inView)
    .map(({ name, shown }) => `${name}${shown ? "" : " (no ring)"}`);
