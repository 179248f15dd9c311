import type { ExtensionBrowser } from "../support/browser.ts";
import { spread, type Spread } from "./spread.ts";

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
    const usable = await page.waitForFunction("globalThis.usableAt", undefined, { timeout: 10_000 });
    times.push(Number(await usable.jsonValue()));
    await page.close();
  }
  return spread(times);
}
