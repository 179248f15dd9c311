import { IncomingMessage } from "node:http";
import type { FastifyRequest } from "fastify";

/**
 * The request as the protocol engine shall see it: with a sanitised address and body, under the relay's public
 * address whatever proxies said, and with no cookie but those of its own sign-ins.
 */
export function copyRequest(
  request: FastifyRequest,
  { publicUrl, url, body }: { publicUrl: string; url: string; body?: { type: string; text: string } },
): IncomingMessage {
  const copy = new IncomingMessage(request.raw.socket);
  const { protocol, host } = new URL(publicUrl);
  copy.method = request.method;
  copy.url = url;
  copy.httpVersion = request.raw.httpVersion;
  copy.headers = {
    host,
    "x-forwarded-host": host,
    "x-forwarded-proto": protocol.slice(0, -1),
    "x-forwarded-for": request.ip,
    ...pick(request, "accept"),
    ...pick(request, "authorization"),
    ...pick(request, "cookie"),
  };
  if (body !== undefined) {
    const bytes = Buffer.from(body.text);
    copy.headers["content-type"] = body.type;
    copy.headers["content-length"] = String(bytes.length);
    copy.push(bytes);
  }
  // Read whole: otherwise it would take the connection with it when it is let go.
  copy.complete = true;
  copy.push(null);
  return copy;
}

function pick(request: FastifyRequest, name: "accept" | "authorization" | "cookie"): Record<string, string> {
  const value = request.headers[name];
  return value === undefined ? {} : { [name]: value };
}
