import { afterEach, expect, test, vi } from "vitest";
import { createOriginRules } from "./origin-rules.ts";

type Rule = chrome.declarativeNetRequest.Rule;

/** The part of the browser that this adapter speaks to. */
function stubBrowser(): Rule[] {
  const rules: Rule[] = [];
  vi.stubGlobal("chrome", {
    runtime: { id: "abc", getURL: (path: string) => `chrome-extension://abc${path}` },
    declarativeNetRequest: {
      getSessionRules: () => Promise.resolve(rules),
      updateSessionRules: ({ addRules }: { addRules: Rule[] }) => Promise.resolve(void rules.push(...addRules)),
    },
  });
  return rules;
}

afterEach(() => vi.unstubAllGlobals());

test("one rule for one address, and only for requests of this extension", async () => {
  const rules = stubBrowser();
  const originRules = createOriginRules({ locks: navigator.locks });
  const url = "http://127.0.0.1:3000/mcp";
  const answers = await Promise.all([originRules.strip(url), originRules.strip(url)]);
  expect(answers.filter(Boolean)).toHaveLength(1);
  expect(await originRules.strip("http://127.0.0.1:4000/mcp")).toBe(true);
  expect(rules.map(({ id }) => id)).toEqual([1, 2]);
  expect(rules[0]).toMatchObject({
    condition: { urlFilter: "|http://127.0.0.1:3000/mcp|", initiatorDomains: ["abc"] },
    action: { type: "modifyHeaders", requestHeaders: [{ header: "origin", operation: "remove" }] },
  });
});

test("an address that a filter would read as a pattern gets no rule", async () => {
  const rules = stubBrowser();
  expect(await createOriginRules({ locks: navigator.locks }).strip("http://127.0.0.1/*")).toBe(false);
  expect(rules).toEqual([]);
});
