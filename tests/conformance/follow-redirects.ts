import type { SignIn } from "@agent-personas/extension/test-support/node-device/platform";

const REDIRECT_URL = "https://node-device.chromiumapp.org/oauth";
const HOPS = 10;

/** The window of a person whose session at the authorization server consents at once. */
export function followRedirects(): SignIn {
  return {
    redirectUrl: () => REDIRECT_URL,
    providerRedirectUrl: () => `${REDIRECT_URL}/provider`,
    async launchWebAuthFlow({ url }) {
      let next = url;
      for (let hop = 0; hop < HOPS; hop += 1) {
        const answer = await fetch(next, { redirect: "manual" });
        const location = answer.headers.get("location");
        if (location === null) throw new Error("Authorization page could not be loaded.");
        next = new URL(location, next).href;
        if (next.startsWith(REDIRECT_URL)) return next;
      }
      throw new Error("Authorization page could not be loaded.");
    },
  };
}
