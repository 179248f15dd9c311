import { ERRORS } from "@agent-personas/shared/errors/codes";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { html, renderPage, type Html } from "./page.ts";

/** `/help`: every code of the catalogue under its own anchor. */
export function helpPage(app: FastifyInstance, { config }: Pick<RelayDeps, "config">): void {
  const page = renderHelp(config.supportContact);
  app.get("/help", (_request, reply) => reply.type("text/html; charset=utf-8").send(page));
}

export function renderHelp(supportContact: string | null): string {
  const entries = Object.entries(ERRORS).map(
    ([code, entry]) =>
      html`<section id="${code}">
        <h2>${entry.title}</h2>
        <p>${entry.text({})}</p>
        <p><strong>What to do:</strong> ${entry.next({})}</p>
        <p class="soft">
          <a href="#${code}"><code>${code}</code></a> · HTTP ${entry.status.toString()}
        </p>
      </section>`,
  );
  return renderPage(
    "Help · Agent Personas",
    html`<h1>What the relay answers when something does not work</h1>
      <p class="soft">Each fault has a code. Your AI client shows it together with a link to its place on this page.</p>
      ${contact(supportContact)} ${entries}`,
  );
}

function contact(supportContact: string | null): Html {
  return supportContact === null ? html`` : html`<p>Questions about this relay: ${supportContact}</p>`;
}
