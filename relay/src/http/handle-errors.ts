import { AppError } from "@agent-personas/shared/errors/app-error";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { PAGES } from "../texts/pages.ts";
import { renderFault } from "./fault-page.ts";
import { siteOf } from "./page.ts";
import { renderError, toAppError } from "./render-error.ts";
import { wantsPage } from "./wants-page.ts";

/** Every error that a route throws, and every address that is not one, is answered here. */
export function handleErrors(app: FastifyInstance, deps: Pick<RelayDeps, "config" | "now">): void {
  const site = siteOf(deps.config);
  app.setErrorHandler(async (error, request, reply) => {
    const rendered = renderError(error, {
      publicUrl: deps.config.publicUrl,
      requestId: request.id,
      now: deps.now(),
    });
    const { code } = rendered.body.error;
    if (rendered.unexpected) request.log.error({ err: error }, "request failed");
    else request.log.debug({ code }, "request refused");
    if (wantsPage(request)) {
      const back = { href: "/", text: PAGES.faultHome };
      const page = renderFault(site, toAppError(error, request.id), { requestId: request.id, back });
      return reply.code(rendered.status).headers(rendered.headers).type("text/html; charset=utf-8").send(page);
    }
    // The text type keeps route serializers, which describe successes, out of the way.
    return reply
      .code(rendered.status)
      .headers(rendered.headers)
      .type("application/json; charset=utf-8")
      .send(JSON.stringify(rendered.body));
  });
  app.setNotFoundHandler(() => {
    throw new AppError("not_found");
  });
}
