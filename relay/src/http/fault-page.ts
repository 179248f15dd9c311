import { ERRORS } from "@agent-personas/shared/errors/codes";
import type { AppError } from "@agent-personas/shared/errors/app-error";
import { PAGES } from "../texts/pages.ts";
import { html, renderPage, type Html, type Site } from "./page.ts";

/** A fault of the catalogue as a page; it leads nowhere but to this relay's own pages. */
export function renderFault(
  site: Site,
  error: AppError,
  context: { requestId: string; back: { href: string; text: string } },
): string {
  const entry = ERRORS[error.code];
  const { back } = context;
  return renderPage(site, {
    name: entry.title,
    narrow: true,
    body: renderMessage(entry.title, entry.text(error.detail), [
      html`<p><strong>${PAGES.faultNext}</strong> ${entry.next(error.detail)}</p>`,
      html`<p class="soft small">
          <a href="${back.href}">${back.text}</a> · <a href="/help#${error.code}">${PAGES.faultHelp}</a>
        </p>
        <p class="soft small">${PAGES.faultRequest(context.requestId)}</p>`,
    ]),
  });
}

/** What every page looks like that only tells something. */
export const renderMessage = (title: string, text: string, more: readonly Html[]): Html =>
  html`<section>
    <h1>${title}</h1>
    <p>${text}</p>
    ${more}
  </section>`;
