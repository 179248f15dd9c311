import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../../deps.ts";
import { siteOf } from "../../http/page.ts";
import { PAGES } from "../../texts/pages.ts";
import { renderError, toAppError } from "../../http/render-error.ts";
import { renderFault } from "../../http/fault-page.ts";
import { signInParams } from "./forms.ts";

/** Faults of a person's pages are pages too. */
export function showFaults(app: FastifyInstance, deps: Pick<RelayDeps, "config" | "now">): void {
  const { publicUrl } = deps.config;
  const site = siteOf(deps.config);
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toAppError(thrown, request.id);
    const { status, headers, unexpected } = renderError(thrown, { publicUrl, requestId: request.id, now: deps.now() });
    if (unexpected) request.log.error({ err: thrown, requestId: request.id }, "sign-in page failed");
    const params = signInParams.safeParse(request.params);
    const over = error.code === "sign_in_expired" || !params.success;
    const back = over
      ? { href: "/", text: PAGES.faultHome }
      : { href: `/sign-in/${params.data.uid}`, text: PAGES.back };
    const page = renderFault(site, error, { requestId: request.id, back });
    return reply.code(status).headers(headers).type("text/html; charset=utf-8").send(page);
  });
}
