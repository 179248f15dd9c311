import type { FastifyRequest } from "fastify";

/** Whether a person's browser asks; programs of the REST API and of MCP do not ask for HTML. */
export const wantsPage = ({ method, headers }: Pick<FastifyRequest, "method" | "headers">): boolean =>
  (method === "GET" || method === "HEAD") && (headers.accept ?? "").includes("text/html");
