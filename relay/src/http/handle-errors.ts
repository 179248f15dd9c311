import { AppError } from "@agent-personas/shared/errors/app-error";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { renderError } from "./render-error.ts";

/** Every error that a route throws, and every address that is not one, is answered here. */
export function handleErrors(app: FastifyInstance, deps: Pick<RelayDeps, "config" | "now">): void {
  app.setErrorHandler(async (error, request, reply) => {
    const rendered = renderError(error, {
      publicUrl: deps.config.publicUrl,
      requestId: request.id,
      now: deps.now(),
    });
    const { code } = rendered.body.error;
    if (rendered.unexpected) request.log.error({ err: error, requestId: request.id }, "request failed");
    else request.log.debug({ requestId: request.id, code }, "request refused");
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
