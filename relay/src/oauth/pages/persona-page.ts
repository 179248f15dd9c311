import { html } from "../../http/page.ts";
import type { Consent } from "../../sign-in/load-consent.ts";
import type { PendingSignIn } from "../interactions.ts";
import { clientTitle, renderWarnings } from "./client-section.ts";
import { actionUrl, buttonForm, csrfField, renderFrame, type Frame } from "./frame.ts";
import { TEXTS } from "../../texts/sign-in.ts";

/** At the bare relay: which of the person's personas. */
export function renderPersonas(frame: Frame, pending: PendingSignIn, { personas }: Consent): string {
  const rows = personas.map(
    ({ personaId, version, tools }) =>
      html`<li>
        <button name="persona" value="${personaId}">
          <strong>${version.name}</strong>
          <span class="soft small"
            >${[version.description, TEXTS.tools(tools.length)].filter(Boolean).join(" · ")}</span
          >
        </button>
      </li>`,
  );
  return renderFrame(frame, {
    title: TEXTS.personaTitle(clientTitle(pending.client)),
    body: html`<p class="soft">${TEXTS.personaLead}</p>
      ${renderWarnings(pending.client)}
      <section class="flush">
        <form method="post" action="${actionUrl(frame, "persona")}">
          ${csrfField(frame)}
          <ul class="personas">
            ${rows}
          </ul>
        </form>
      </section>
      ${buttonForm(frame, "deny", TEXTS.cancel, "wide")}`,
  });
}

/** Nothing to choose from. */
export function renderNoPersona(frame: Frame): string {
  return renderFrame(frame, {
    title: TEXTS.noPersona,
    body: html`<p>${TEXTS.noPersonaNext}</p>
      ${buttonForm(frame, "deny", TEXTS.cancel, "wide")}`,
  });
}
