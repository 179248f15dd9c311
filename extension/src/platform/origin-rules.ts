import { extensionApi } from "./extension-api.ts";

/**
 * Some servers on this computer refuse requests whose Origin is an extension. For those, a session rule
 * removes the header from requests of this extension to exactly one address.
 */
export type OriginRules = {
  /** Answers true when the rule is new, so that trying again makes sense. */
  strip(url: string): Promise<boolean>;
};

export function createOriginRules(deps: { locks: Pick<LockManager, "request"> }): OriginRules {
  return {
    strip: (url) =>
      deps.locks.request("origin-rules", async () => {
        const urlFilter = `|${url}|`;
        // These mean something else in a filter.
        if (/[*^|]/u.test(url)) return false;
        const rules = await extensionApi().declarativeNetRequest.getSessionRules();
        if (rules.some((rule) => rule.condition.urlFilter === urlFilter)) return false;
        const id = 1 + Math.max(0, ...rules.map((rule) => rule.id));
        await extensionApi().declarativeNetRequest.updateSessionRules({ addRules: [ruleOf(id, urlFilter)] });
        return true;
      }),
  };
}

function ruleOf(id: number, urlFilter: string): chrome.declarativeNetRequest.Rule {
  return {
    id,
    priority: 1,
    condition: {
      urlFilter,
      initiatorDomains: [new URL(extensionApi().runtime.getURL("/")).host],
      resourceTypes: ["xmlhttprequest", "other"],
    },
    action: { type: "modifyHeaders", requestHeaders: [{ header: "origin", operation: "remove" }] },
  };
}
