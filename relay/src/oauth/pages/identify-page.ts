import { html, type Html } from "../../http/page.ts";
import type { PendingSignIn } from "../interactions.ts";
import { clientTitle, renderClient, renderWarnings } from "./client-section.ts";
import { actionUrl, buttonForm, csrfField, renderFrame, type Frame } from "./frame.ts";
import { TEXTS } from "../../texts/sign-in.ts";

/** The first page: who are you? It names no persona, since nobody has proved anything yet. */
export function renderIdentify(frame: Frame, pending: PendingSignIn): string {
  return renderFrame(frame, {
    title: TEXTS.identifyTitle(clientTitle(pending.client)),
    body: html`<p class="soft">${TEXTS.identifyLead}</p>
      <section>
        <dl class="facts">${renderClient(pending.client)}</dl>
        ${renderWarnings(pending.client)}
      </section>
      <section aria-label="${TEXTS.waysLabel}">
        ${renderExtension(frame, pending)} ${renderCode(frame)} ${renderKey(frame)}
      </section>
      ${buttonForm(frame, "deny", TEXTS.cancel, "wide")}`,
  });
}

/** Hidden until the extension's script, which alone can fill it in, finds it here. */
function renderExtension(frame: Frame, { uid, nonce, client }: PendingSignIn): Html {
  return html`<div class="way">
    <h2>${TEXTS.extensionTitle}</h2>
    <form
      id="ap-extension"
      method="post"
      action="${actionUrl(frame, "extension")}"
      data-interaction="${uid}"
      data-client-id="${client.clientId}"
      data-redirect-uri="${client.redirectUri}"
      data-nonce="${nonce}"
      hidden
    >
      ${csrfField(frame)}<input type="hidden" name="token" value="" />
      <p>
        <button class="primary wide">
          <span>${TEXTS.continueAs} <span id="ap-extension-name"></span></span>
        </button>
      </p>
    </form>
    <p class="soft small no-extension">${TEXTS.extensionMissing}</p>
  </div>`;
}

function renderCode(frame: Frame): Html {
  const wrong = frame.notice?.startsWith("code_") === true;
  return html`<div class="way">
    <h2 id="code-title">${TEXTS.codeTitle}</h2>
    <p class="soft small" id="code-hint">${TEXTS.codeHint}</p>
    <form method="post" action="${actionUrl(frame, "code")}" autocomplete="off">
      ${csrfField(frame)}
      <label class="field" for="code">${TEXTS.codeLabel}</label>
      <div class="line">
        <input
          class="code"
          type="text"
          id="code"
          name="code"
          required
          maxlength="20"
          placeholder="${TEXTS.codePlaceholder}"
          autocapitalize="characters"
          spellcheck="false"
          aria-describedby="code-hint"
          ${wrong ? INVALID : html``}
        />
        <button aria-label="${TEXTS.codeAction}">${TEXTS.goOn}</button>
      </div>
    </form>
  </div>`;
}

function renderKey(frame: Frame): Html {
  const wrong = frame.notice?.startsWith("key_") === true;
  return html`<div class="way">
    <h2 id="key-title">${TEXTS.keyTitle}</h2>
    <p class="soft small" id="key-hint">${TEXTS.keyHint}</p>
    <form method="post" action="${actionUrl(frame, "key")}" autocomplete="off">
      ${csrfField(frame)}
      <label class="field" for="key">${TEXTS.keyLabel}</label>
      <div class="line">
        <input
          type="password"
          id="key"
          name="key"
          required
          maxlength="200"
          autocomplete="off"
          spellcheck="false"
          aria-describedby="key-hint"
          ${wrong ? INVALID : html``}
        />
        <button aria-label="${TEXTS.keyAction}">${TEXTS.goOn}</button>
      </div>
    </form>
  </div>`;
}

const INVALID: Html = { html: 'aria-invalid="true"' };
