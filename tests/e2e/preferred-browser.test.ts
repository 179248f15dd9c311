import { startNodeDevice } from "@agent-personas/extension/test-support/node-device/node-device";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { screenshot } from "../support/browser.ts";
import { inspectPage } from "../support/inspect-page.ts";
import { startProduct, type Product } from "../support/product.ts";
import { linkBrowser } from "../support/second-browser.ts";

let product: Product;
let page: Page;
const second = startNodeDevice();

beforeAll(async () => {
  product = await startProduct();
  await linkBrowser(product.browser, second, product.relay.url);
  page = await product.browser.openConsole("/settings");
  page.setDefaultTimeout(10_000);
});
afterAll(async () => {
  await second[Symbol.asyncDispose]();
  await product?.[Symbol.asyncDispose]();
});

const menuOf = (name: string) => page.getByRole("button", { name: `More actions for ${name}` });
const badge = () => page.getByText("Preferred", { exact: true });

async function preferred(): Promise<string[]> {
  const { devices } = z
    .object({ devices: z.array(z.object({ name: z.string(), preferred: z.boolean() })) })
    .parse(await second.command("devices.list", {}));
  return devices.filter((device) => device.preferred).map(({ name }) => name);
}

test("a person prefers one of two browsers for calls, by keyboard too, and takes it back", async () => {
  await menuOf("Second browser").click();
  await page.getByRole("menuitem", { name: "Prefer for calls" }).click();
  await badge().waitFor();
  expect(await preferred()).toEqual(["Second browser"]);
  expect(await inspectPage(page, "settings-preferred-browser")).toEqual([]);

  await menuOf("Test browser").focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect.poll(preferred).toEqual(["Test browser"]);
  await menuOf("Test browser").click();
  await screenshot(page, "settings-preferred-menu");
  await page.getByRole("menuitem", { name: "Prefer no browser" }).click();
  await badge().waitFor({ state: "detached" });
  expect(await preferred()).toEqual([]);
});
