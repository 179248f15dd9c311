import { defineUnlistedScript } from "wxt/utils/define-unlisted-script";
import { offerSignIn } from "../features/sign-in/sign-in-page.ts";
import type { PageAnswer } from "../features/sign-in/page-messages.ts";
import { runtime } from "../platform/browser.ts";

/** Not in the manifest: registered for the paired relay's sign-in page only. */
export default defineUnlistedScript(() => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Both ends are this extension; only the background answers.
  void offerSignIn(document, async (question) => (await runtime.sendMessage(question)) as PageAnswer | undefined);
});
