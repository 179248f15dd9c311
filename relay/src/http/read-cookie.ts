import type { FastifyRequest } from "fastify";

/** Empty when the browser has none of that name. */
export function readCookie(request: FastifyRequest, name: string): string {
  for (const pair of (request.headers.cookie ?? "").split(";")) {
    const [known, value] = pair.trim().split("=", 2);
    if (known === name) return value ?? "";
  }
  return "";
}
