import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { renderHelp } from "./help-page.ts";
import { renderLanding, renderPair } from "./landing-page.ts";
import { siteOf } from "./page.ts";
import { renderPrivacy } from "./privacy-page.ts";
import { wantsPage } from "./wants-page.ts";

/** The pages that anybody may read. They are the same for everybody, so they are made once. */
export function publicPages(app: FastifyInstance, { config }: Pick<RelayDeps, "config">): void {
  const site = siteOf(config);
  const pages = { "/help": renderHelp(site), "/privacy": renderPrivacy(site), "/pair": renderPair(site) };
  const landing = renderLanding(site, config.publicUrl);
  // A hook and not a route, since the same address is an MCP endpoint for everything else.
  app.addHook("onRequest", async (request, reply) => {
    if (request.url.split("?", 1)[0] !== "/" || !wantsPage(request)) return undefined;
    return reply.type("text/html; charset=utf-8").send(landing);
  });
  for (const [path, page] of Object.entries(pages)) {
    app.get(path, (_request, reply) => reply.type("text/html; charset=utf-8").send(page));
  }
}
