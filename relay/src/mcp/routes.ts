import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

type SlugRequest = FastifyRequest<{ Params: { slug?: string } }>;

export type RouteHandlers = {
  /** Before the body is read. */
  admit: (request: SlugRequest) => Promise<void>;
  serve: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
  refuse: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
  parse: (text: string) => unknown;
  bodyLimit: number;
};

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
/** `GET /` for people is answered before any route is asked. */
const ADDRESSES = ["/p/:slug/mcp", "/k/:slug/mcp", "/mcp", "/"];

/** The endpoint's addresses, all of them with the same guards, parser and refusals. */
export function registerRoutes(app: FastifyInstance, handlers: RouteHandlers): void {
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser<string>(
      "application/json",
      { parseAs: "string", bodyLimit: handlers.bodyLimit },
      async (_request: FastifyRequest, text: string) => handlers.parse(text),
    );
    scope.setErrorHandler((error, request, reply) => handlers.refuse(error, request, reply));
    for (const url of ADDRESSES) {
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
