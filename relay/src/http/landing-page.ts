import { PAGES } from "../texts/pages.ts";
import { renderMessage } from "./fault-page.ts";
import { html, renderPage, type Site } from "./page.ts";

/** `GET /` for people: what this is, whether it is up, and how to use it. */
export function renderLanding(site: Site, publicUrl: string): string {
  return renderPage(site, {
    name: PAGES.landingName,
    body: html`<h1>${PAGES.landingTitle}</h1>
      <p>${PAGES.landingLead}</p>
      <section>
        <h2>${PAGES.personTitle}</h2>
        <ol>
          ${PAGES.personSteps.map((step) => html`<li>${step}</li>`)}
        </ol>
        <dl class="facts">
          <dt>${PAGES.addressLabel}</dt>
          <dd><code>${publicUrl}</code></dd>
        </dl>
      </section>
      <section>
        <h2>${PAGES.clientTitle}</h2>
        <p>${PAGES.clientLead}</p>
        <dl class="facts">
          <dt>${PAGES.endpointLabel}</dt>
          <dd><code>${publicUrl}/mcp</code></dd>
        </dl>
      </section>`,
  });
}

/** Where a pairing link leads when it is opened instead of pasted. Its code is in the fragment, which is never sent. */
export function renderPair(site: Site): string {
  return renderPage(site, {
    name: PAGES.pairName,
    narrow: true,
    body: renderMessage(PAGES.pairTitle, PAGES.pairLead, [html`<p class="soft">${PAGES.pairOnce}</p>`]),
  });
}
