import { html } from "../../http/page.ts";
import { TEXTS } from "../../texts/sign-in.ts";
import type { PendingSignIn } from "../interactions.ts";
import { renderClient } from "./client-section.ts";
import { buttonForm, renderFrame, type Frame } from "./frame.ts";

/** A code was typed; only the Allow in the browser that made it leads on. */
export function renderWaiting(frame: Frame, pending: PendingSignIn): string {
  return renderFrame(frame, {
    title: TEXTS.waitingTitle,
    body: html`<p>${TEXTS.waitingLead}</p>
      <section>
        <dl class="facts">${renderClient(pending.client)}</dl>
      </section>
      <p class="note" role="status">${TEXTS.waitingStatus}</p>
      <div class="actions">
        <form method="get" action="/sign-in/${frame.uid}">
          <button class="primary wide">${TEXTS.goOn}</button>
        </form>
        ${buttonForm(frame, "restart", TEXTS.startOver, "wide")}
      </div>`,
  });
}
