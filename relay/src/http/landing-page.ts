import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { html, renderPage } from "./page.ts";

/** `GET /` for people. A hook and not a route, since the same address is an MCP endpoint for everything else. */
export function landingPage(app: FastifyInstance, { config }: Pick<RelayDeps, "config">): void {
  const page = renderLanding(config);
  app.addHook("onRequest", async (request, reply) => {
    const path = request.url.split("?", 1)[0];
    if (path !== "/" || (request.method !== "GET" && request.method !== "HEAD")) return undefined;
    if (!(request.headers.accept ?? "").includes("text/html")) return undefined;
    return reply.type("text/html; charset=utf-8").send(page);
  });
  app.get("/pair", (_request, reply) => reply.type("text/html; charset=utf-8").send(renderPair()));
}

export function renderLanding(config: Pick<RelayDeps["config"], "publicUrl" | "supportContact">): string {
  return renderPage(
    "Agent Personas relay",
    html`<h1>This is an Agent Personas relay, and it is up</h1>
      <p>
        AI clients reach a person's chosen tools through this address. The calls are executed by the browser extension
        of that person, with connections that never leave their browser.
      </p>
      <section>
        <h2>To use it</h2>
        <p>
          Install the Agent Personas extension, open it and pair it with <code>${config.publicUrl}</code>. You need a
          set-up code, a link from a browser that is paired already, or your recovery code.
        </p>
      </section>
      <p class="soft">
        <a href="/help">What error codes mean</a>${
          config.supportContact === null ? html`` : html` · Questions: ${config.supportContact}`
        }
      </p>`,
  );
}

/** Where a pairing link leads when it is opened instead of pasted. Its code is in the fragment, which is never sent. */
export function renderPair(): string {
  return renderPage(
    "Pair a browser · Agent Personas",
    html`<h1>Paste this address into the extension</h1>
      <p>
        This link pairs another browser with this relay. Open the Agent Personas extension in the browser that you want
        to add, choose “Pair with a link”, and paste the whole address of this page there.
      </p>
      <p class="soft">It works once and for five minutes. The browser that made it asks before anything is added.</p>`,
  );
}
