import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { renderHelp } from "./help-page.ts";
import { renderLanding, renderPair } from "./landing-page.ts";
import { siteOf } from "./page.ts";
import { renderPrivacy } from "./privacy-page.ts";
import { wantsPage } from "./wants-page.ts";

/** A query that the endpoint has to see: it flags the key. */
const CREDENTIAL = /ap_[0-9A-Za-z]{6}_|access_token|eyJ/u;

/** The pages that anybody may read. They are the same for everybody, so they are made once. */
export function publicPages(app: FastifyInstance, { config }: Pick<RelayDeps, "config">): void {
  const site = siteOf(config);
  const pages = { "/help": renderHelp(site), "/privacy": renderPrivacy(site), "/pair": renderPair(site) };
  const landing = renderLanding(site, config.publicUrl);
  // A hook and not a route, since the same address is an MCP endpoint for everything else.
  app.addHook("onRequest", async (request, reply) => {
    const [path = "", query = ""] = request.url.split("?", 2);
    if (path !== "/" || CREDENTIAL.test(query) || !wantsPage(request)) return undefined;
    return reply.type("text/html; charset=utf-8").send(landing);
  });
  for (const [path, page] of Object.entries(pages)) {
    app.get(path, (_request, reply) => reply.type("text/html; charset=utf-8").send(page));
  }
}
