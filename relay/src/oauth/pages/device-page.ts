import { renderMessage } from "../../http/fault-page.ts";
import { html, renderPage, type Html, type Site } from "../../http/page.ts";
import { csrfField, renderFrame } from "./frame.ts";
import { TEXTS } from "../../texts/sign-in.ts";

/** What went wrong with the last code. */
export type DeviceNotice = "wrong" | "too_many";

/** Where a person types the code that a device shows. It is never filled in: a link may come from anybody. */
export function renderDeviceCode(frame: { csrf: string; site: Site; notice: DeviceNotice | null }): string {
  const { notice } = frame;
  return renderFrame(
    { site: frame.site, notice: null },
    {
      title: TEXTS.deviceTitle,
      body: html`<p>${TEXTS.deviceLead}</p>
        <p class="note warning" role="note">${TEXTS.deviceStranger}</p>
        <section>
          <form method="post" action="/device" autocomplete="off">
            ${csrfField(frame)}
            <label class="field first" for="code">${TEXTS.deviceLabel}</label>
            <div class="line">
              <input
                class="code"
                type="text"
                id="code"
                name="code"
                required
                maxlength="20"
                placeholder="${TEXTS.devicePlaceholder}"
                autocapitalize="characters"
                spellcheck="false"
                aria-describedby="${notice === null ? "code-hint" : "code-notice code-hint"}"
                ${notice === null ? html`` : INVALID}
              />
              <button class="primary">${TEXTS.goOn}</button>
            </div>
            ${notice === null ? html`` : renderNotice(notice)}
            <p class="soft small" id="code-hint">${TEXTS.deviceHint}</p>
          </form>
        </section>`,
    },
  );
}

/** After the decision: the device hears of it by itself. */
export function renderDeviceEnd(site: Site, allowed: boolean): string {
  const title = allowed ? TEXTS.deviceAllowedTitle : TEXTS.deviceDeniedTitle;
  return renderPage(site, {
    name: title,
    narrow: true,
    body: renderMessage(
      title,
      allowed ? TEXTS.deviceAllowed : TEXTS.deviceDenied,
      allowed ? [html`<p class="soft small">${TEXTS.revocable}</p>`] : [],
    ),
  });
}

const renderNotice = (notice: DeviceNotice): Html =>
  html`<p class="wrong small" role="alert" id="code-notice">${TEXTS.deviceNotices[notice]}</p>`;

const INVALID: Html = { html: 'aria-invalid="true" autofocus' };
