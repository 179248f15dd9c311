import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../../deps.ts";
import { renderError, toAppError } from "../../http/render-error.ts";
import { renderFault } from "./fault-page.ts";
import { signInParams } from "./forms.ts";

/** Faults of a person's pages are pages too. */
export function showFaults(app: FastifyInstance, deps: Pick<RelayDeps, "config" | "now">): void {
  const { publicUrl } = deps.config;
  app.setErrorHandler(async (thrown, request, reply) => {
    const error = toAppError(thrown, request.id);
    const { status, headers, unexpected } = renderError(thrown, { publicUrl, requestId: request.id, now: deps.now() });
    if (unexpected) request.log.error({ err: thrown, requestId: request.id }, "sign-in page failed");
    const params = signInParams.safeParse(request.params);
    const over = error.code === "sign_in_expired" || !params.success;
    const page = renderFault(error, {
      host: new URL(publicUrl).host,
      requestId: request.id,
      back: over ? null : `/sign-in/${params.data.uid}`,
    });
    return reply.code(status).headers(headers).type("text/html; charset=utf-8").send(page);
  });
}
