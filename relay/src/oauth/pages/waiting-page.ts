import { html } from "../../http/page.ts";
import type { PendingSignIn } from "../interactions.ts";
import { renderClient } from "./client-section.ts";
import { buttonForm, renderFrame, type Frame } from "./frame.ts";
import { TEXTS } from "./texts.ts";

const REFRESH_SECONDS = 5;

/** A code was typed; only the Allow in the browser that made it leads on. Asks again by itself, without script. */
export function renderWaiting(frame: Frame, pending: PendingSignIn): string {
  return renderFrame(frame, {
    title: TEXTS.waitingTitle,
    refreshSeconds: REFRESH_SECONDS,
    body: html`<p>${TEXTS.waitingLead}</p>
      <section>
        <dl class="facts">${renderClient(pending.client)}</dl>
      </section>
      <p class="note" role="status">${TEXTS.waitingStatus} <a href="/sign-in/${frame.uid}">${TEXTS.checkNow}</a></p>
      ${buttonForm(frame, "restart", TEXTS.startOver, "wide")}`,
  });
}
