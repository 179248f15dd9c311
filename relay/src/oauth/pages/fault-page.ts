import { ERRORS } from "@agent-personas/shared/errors/codes";
import type { AppError } from "@agent-personas/shared/errors/app-error";
import { html } from "../../http/page.ts";
import { renderFrame } from "./frame.ts";
import { TEXTS } from "./texts.ts";

/** A fault of the catalogue as a page; it never leads to the client. */
export function renderFault(
  error: AppError,
  context: { host: string; requestId: string; back: string | null },
): string {
  const entry = ERRORS[error.code];
  const back = context.back === null ? html`` : html`<a href="${context.back}">${TEXTS.back}</a> · `;
  return renderFrame(
    { host: context.host, notice: null },
    {
      title: entry.title,
      body: html`<p>${entry.text(error.detail)}</p>
        <p><strong>${TEXTS.faultNext}</strong> ${entry.next(error.detail)}</p>
        <p class="soft small">
          ${back}<a href="/help#${error.code}">${TEXTS.faultHelp}</a> · ${TEXTS.faultRequest(context.requestId)}
        </p>`,
    },
  );
}
