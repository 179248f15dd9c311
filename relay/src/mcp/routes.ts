import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { ENDPOINT_ROUTES, type EndpointRequest } from "./endpoint-address.ts";

export type RouteHandlers = {
  /** Before the body is read. */
  admit: (request: EndpointRequest) => Promise<void>;
  serve: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
  refuse: (error: unknown, request: EndpointRequest, reply: FastifyReply) => Promise<FastifyReply>;
  parse: (text: string) => unknown;
  bodyLimit: number;
};

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/** The endpoint's addresses, all of them with the same guards, parser and refusals. */
export function registerRoutes(app: FastifyInstance, handlers: RouteHandlers): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser<string>(
      "application/json",
      { parseAs: "string", bodyLimit: handlers.bodyLimit },
      // Some clients send the header with every request, also with those that have no body.
      async ({ method }: FastifyRequest, text: string) =>
        text === "" && method !== "POST" ? undefined : handlers.parse(text),
    );
    scope.setErrorHandler<unknown, { Params: { slug?: string } }>((error, request, reply) =>
      handlers.refuse(error, request, reply),
    );
    for (const url of Object.keys(ENDPOINT_ROUTES)) {
      scope.route<{ Params: { slug?: string } }>({
        url,
        method: METHODS,
        exposeHeadRoute: false,
        onRequest: handlers.admit,
        handler: handlers.serve,
      });
    }
  });
}
