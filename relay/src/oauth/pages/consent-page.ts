import { html, type Html } from "../../http/page.ts";
import type { Account } from "../../sign-in/load-account.ts";
import type { Consent, ConsentScope } from "../../sign-in/load-consent.ts";
import type { PublishedPersona } from "../../deps.ts";
import type { PendingSignIn } from "../interactions.ts";
import { clientTitle, renderClient, renderWarnings } from "./client-section.ts";
import { actionUrl, buttonForm, csrfField, renderFrame, type Frame } from "./frame.ts";
import { plainText } from "./plain-text.ts";
import { TEXTS } from "../../texts/sign-in.ts";

/** Of a tool: its app wrote it. */
const TITLE_LENGTH = 120;

/** The second page: who gets what, in whose name, and Allow or Deny. */
export function renderConsent(
  frame: Frame,
  asked: { pending: PendingSignIn; account: Account; consent: Consent; persona: PublishedPersona },
): string {
  const { pending, account, consent, persona } = asked;
  const { version } = persona;
  const paused = version.status === "paused" ? html` <span class="badge">${TEXTS.paused}</span>` : html``;
  const change = consent.changeable ? html` ${buttonForm(frame, "persona", TEXTS.otherPersona, "link")}` : html``;
  return renderFrame(frame, {
    title: TEXTS.consentTitle(clientTitle(pending.client)),
    body: html`<section>
        <dl class="facts">
          ${renderClient(pending.client)}
          <dt>${TEXTS.persona}</dt>
          <dd><strong>${version.name}</strong>${paused}${change}</dd>
          <dt>${TEXTS.account}</dt>
          <dd>${renderAccount(frame, account)}</dd>
        </dl>
        ${renderWarnings(pending.client)}
      </section>
      <form method="post" action="${actionUrl(frame, "consent")}">
        ${csrfField(frame)}<input type="hidden" name="persona" value="${persona.personaId}" />
        <section>
          <fieldset>
            <legend>${TEXTS.scopesLegend}</legend>
            ${consent.scopes.map((scope) => renderScope(scope, consent))}
          </fieldset>
          ${renderMode(consent)}
        </section>
        <p class="soft small">${account.key === null ? TEXTS.revocable : TEXTS.keyEnds}</p>
        <div class="actions">
          <button class="primary" name="decision" value="allow">${TEXTS.allow}</button>
          <button name="decision" value="deny">${TEXTS.deny}</button>
        </div>
      </form>`,
  });
}

function renderAccount(frame: Frame, { key, name, device }: Account): Html {
  const who = key === null ? name : TEXTS.keyAccount(name, key.hint);
  const via = device === null ? html`` : html` <span class="soft small">${TEXTS.viaDevice(device)}</span>`;
  const other = key === null ? TEXTS.otherAccount : TEXTS.otherKey;
  return html`<strong>${who}</strong>${via} ${buttonForm(frame, "restart", other, "link")}`;
}

function renderScope({ scope, chosen, needed, tools }: ConsentScope, { live }: Consent): Html {
  const list =
    tools.length === 0
      ? html`<p class="under soft small">${TEXTS.noTools}</p>`
      : html`<details ${live === true ? html`` : OPEN}>
          <summary>${TEXTS.tools(tools.length)}</summary>
          <ul class="tools">
            ${tools.map(
              (tool) =>
                html`<li>
                  <label class="choice">
                    <input type="checkbox" name="tool" value="${tool.name}" ${tool.chosen ? CHECKED : html``} />
                    <span
                      ><code>${tool.name}</code> <span class="soft">${plainText(tool.title, TITLE_LENGTH)}</span></span
                    >
                  </label>
                </li>`,
            )}
          </ul>
        </details>`;
  return html`<div>
    <label class="choice">
      <input type="checkbox" name="scope" value="${scope}" ${chosen ? CHECKED : html``} />
      <span>
        <span class="badge ${scope}">${TEXTS.scopeLabels[scope]}</span>
        ${needed ? html`<strong class="small">${TEXTS.scopeNeeded}</strong>` : html``}
        <span class="soft">${TEXTS.scopeHints[scope]}</span>
      </span>
    </label>
    ${list}
  </div>`;
}

function renderMode({ live }: Consent): Html {
  if (live === null) return html`<p class="soft small">${TEXTS.keyTools}</p>`;
  return html`<fieldset>
    <legend>${TEXTS.toolsLegend}</legend>
    ${choice("live", live, TEXTS.live, TEXTS.liveHint)} ${choice("frozen", !live, TEXTS.frozen, TEXTS.frozenHint)}
  </fieldset>`;
}

function choice(value: "live" | "frozen", checked: boolean, label: string, hint: string): Html {
  return html`<label class="choice">
    <input type="radio" name="mode" value="${value}" ${checked ? CHECKED : html``} />
    <span>${label} <span class="soft">${hint}</span></span>
  </label>`;
}

const CHECKED: Html = { html: "checked" };
const OPEN: Html = { html: "open" };
