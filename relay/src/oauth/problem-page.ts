import { html, renderPage } from "../http/page.ts";

const TITLE = "This sign-in cannot go on";

/** For a request that must not be answered to its client: on our own origin, with no way back to a stranger's address. */
export function renderProblem(error: string, description?: string): string {
  return renderPage(
    `${TITLE} · Agent Personas`,
    html`<h1>${TITLE}</h1>
      <p>${explain(error)}</p>
      <p class="soft">
        For whoever made the app: <code>${error}${description === undefined ? "" : `: ${description}`}</code>
      </p>`,
  );
}

function explain(error: string): string {
  switch (error) {
    case "invalid_client":
      return "The app that sent you here is not known to this relay. Remove this connection in the app and add it again.";
    case "invalid_redirect_uri":
      return "The app wants its answer sent to an address that it did not register. Nothing was sent there. Connect it with an access key instead, if it takes one.";
    case "server_error":
      return "Something failed here. Try again from the app; if it fails again, tell who runs this relay.";
    default:
      return "The request of the app that sent you here is not valid, or it is too old. Start again from the app.";
  }
}
