import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { screenshot } from "./browser.ts";

/** Looks at the page as people do (pictures) and as a screen reader does (axe), in both themes; answers what axe found. */
export async function inspectPage(page: Page, name: string): Promise<string[]> {
  await screenshot(page, name);
  const barriers: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Colours that are still changing have the contrast of neither theme.
    await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
    barriers.push(...found.map((text) => `${name} ${colorScheme} ${text}`));
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  return barriers;
}
