import type { ExtensionBrowser } from "../support/browser.ts";
import { spread, type Spread } from "./spread.ts";

// The page's content security policy forbids the driver's own way of waiting.
const USABLE_AT = `new Promise((resolve, reject) => {
  const end = performance.now() + 10_000;
  const look = () => {
    if (globalThis.usableAt !== undefined) resolve(globalThis.usableAt);
    else if (performance.now() > end) reject(new Error("the popup cannot be used"));
    else requestAnimationFrame(look);
  };
  look();
})`;

/** From the start of the page to the first control that can be used. */
export async function measurePopup(browser: ExtensionBrowser, count: number): Promise<Spread> {
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const page = await browser.context.newPage();
    await page.addInitScript(`new MutationObserver((_changes, observer) => {
      if (document.querySelector("main button:enabled, main a[href], button:enabled") === null) return;
      observer.disconnect();
      requestAnimationFrame(() => { globalThis.usableAt = performance.now(); });
    }).observe(document, { childList: true, subtree: true });`);
    await page.setViewportSize({ width: 380, height: 600 });
    await page.goto(`chrome-extension://${browser.extensionId}/popup.html`);
    times.push(Number(await page.evaluate(USABLE_AT)));
    await page.close();
  }
  return spread(times);
}
