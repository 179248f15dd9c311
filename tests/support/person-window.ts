import type { SignIn } from "@agent-personas/extension/test-support/node-device/platform";
import { createCookieJar } from "./cookie-jar.ts";

/** The window for sign-ins of one browser, and the person before it. */
export type PersonWindow = {
  signIn: SignIn;
  /** Opens a page of their own in the same browser: at a login page, that begins a session. */
  visit: (url: string) => Promise<void>;
  /** How often a window was shown, and how often a flow without one was tried. */
  counters: { shown: number; silent: number };
  /** All addresses that flows went through. */
  visited: string[];
};

/** Where sign-ins come back to. */
export const REDIRECT_URL = "https://node-device.chromiumapp.org/oauth";
export const PROVIDER_REDIRECT_URL = `${REDIRECT_URL}/provider`;
const HOPS = 12;
const FORM = /<form action="([^"]+)">/u;

/** `account` is typed where a page asks for one; without, the person closes the window. */
export function openPersonWindow({ account }: { account?: string } = {}): PersonWindow {
  const jar = createCookieJar();
  const counters = { shown: 0, silent: 0 };
  const visited: string[] = [];

  const answer = async (response: Response, url: string, interactive: boolean): Promise<string> => {
    const form = FORM.exec(await response.text())?.[1];
    if (form === undefined) throw new Error("Authorization page could not be loaded.");
    if (!interactive) throw new Error("User interaction required.");
    if (account === undefined) throw new Error("The user did not approve access.");
    return new URL(`${form}?account=${encodeURIComponent(account)}`, url).href;
  };

  return {
    counters,
    visited,
    visit: async (url) => void (await jar.fetch(url)),
    signIn: {
      redirectUrl: () => REDIRECT_URL,
      providerRedirectUrl: () => PROVIDER_REDIRECT_URL,
      async launchWebAuthFlow({ url: start, interactive }) {
        counters[interactive ? "shown" : "silent"] += 1;
        let url = start;
        for (let hop = 0; hop < HOPS; hop += 1) {
          visited.push(url);
          const response = await jar.fetch(url);
          const location = response.headers.get("location");
          url = location === null ? await answer(response, url, interactive) : new URL(location, url).href;
          if (url.startsWith(REDIRECT_URL)) return url;
        }
        throw new Error("Authorization page could not be loaded.");
      },
    },
  };
}
