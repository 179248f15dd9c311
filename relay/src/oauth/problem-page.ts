import { renderMessage } from "../http/fault-page.ts";
import { html, renderPage, type Site } from "../http/page.ts";
import { PAGES } from "../texts/pages.ts";

/** For a request that must not be answered to its client: on our own origin, with no way back to a stranger's address. */
export function renderProblem(site: Site, error: string, description?: string): string {
  const code = `${error}${description === undefined ? "" : `: ${description}`}`;
  return renderPage(site, {
    name: PAGES.problemTitle,
    narrow: true,
    body: renderMessage(PAGES.problemTitle, explain(error), [
      html`<p class="soft small">${PAGES.problemFor} <code>${code}</code></p>`,
    ]),
  });
}

function explain(error: string): string {
  switch (error) {
    case "invalid_client":
    case "invalid_redirect_uri":
    case "server_error":
      return PAGES.problems[error];
    default:
      return PAGES.problems.other;
  }
}
