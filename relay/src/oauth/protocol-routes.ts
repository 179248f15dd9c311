import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Provider } from "oidc-provider";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { addressBlock } from "../http/address-block.ts";
import { siteOf } from "../http/page.ts";
import { copyRequest } from "./copy-request.ts";
import { renderProblem } from "./problem-page.ts";
import { ROUTES } from "./provider.ts";
import { sanitiseClient } from "./sanitise-client.ts";
import { sanitiseAuthorize, sanitiseDevice, sanitiseRevoke, sanitiseToken } from "./sanitise-parameters.ts";
import type { KeySet } from "./signing-keys.ts";

const BODY_BYTES = 16_384;
const JWKS_SECONDS = 300;
const FORM = "application/x-www-form-urlencoded";

/** Requests per address. Clients in a cloud share one, so the limits are those of many people. */
const limit = (max: number, timeWindow: string) => ({
  rateLimit: { max, timeWindow, keyGenerator: (request: FastifyRequest) => addressBlock(request.ip) },
});
const LIMITS = {
  register: limit(200, "1 hour"),
  authorize: limit(240, "1 minute"),
  token: limit(1_200, "1 minute"),
  device: limit(60, "1 minute"),
};

export type ProtocolDeps = Pick<RelayDeps, "config"> & {
  /** The engine for the keys of now. */
  provider: () => Promise<Provider>;
  keys: () => Promise<KeySet>;
  /** A JWT access token as something that the engine can revoke; anything else as it is. */
  revocable: (token: string) => Promise<string>;
};

/** The endpoints of the protocol, each behind its sanitiser. */
export function protocolRoutes(app: FastifyInstance, deps: ProtocolDeps): void {
  const { publicUrl } = deps.config;
  const answer = async (
    request: FastifyRequest,
    reply: FastifyReply,
    change: { url: string; body?: { type: string; text: string } },
  ): Promise<FastifyReply> => {
    const provider = await deps.provider();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    reply.hijack();
    await provider.callback()(copyRequest(request, { publicUrl, ...change }), reply.raw);
    return reply;
  };

  for (const type of [FORM, "application/json"]) {
    app.removeContentTypeParser(type);
    app.addContentTypeParser(type, { parseAs: "string", bodyLimit: BODY_BYTES }, (_request, body, done) =>
      done(null, body),
    );
  }

  app.get(ROUTES.authorization, { config: LIMITS.authorize }, async (request, reply) => {
    // The cookies of a sign-in belong to one spelling of the relay's host.
    if (request.host !== new URL(publicUrl).host) return reply.redirect(`${publicUrl}${request.raw.url ?? ""}`, 303);
    const query = sanitiseAuthorize(new URL(request.raw.url ?? "", publicUrl).searchParams, publicUrl);
    return answer(request, reply, { url: `${ROUTES.authorization}?${query.toString()}` });
  });
  app.get<{ Params: { uid: string } }>(
    `${ROUTES.authorization}/:uid`,
    { config: LIMITS.authorize },
    async (request, reply) =>
      answer(request, reply, { url: `${ROUTES.authorization}/${encodeURIComponent(request.params.uid)}` }),
  );
  app.post(ROUTES.token, { config: LIMITS.token }, async (request, reply) => {
    const form = readForm(request);
    if (form === null) return refuse(reply, "invalid_request", `the body must be ${FORM}`);
    const text = sanitiseToken(form, publicUrl).toString();
    return answer(request, reply, { url: ROUTES.token, body: { type: FORM, text } });
  });
  if (deps.config.deviceFlow) {
    app.post(ROUTES.device_authorization, { config: LIMITS.device }, async (request, reply) => {
      const form = readForm(request);
      if (form === null) return refuse(reply, "invalid_request", `the body must be ${FORM}`);
      const text = sanitiseDevice(form, publicUrl).toString();
      return answer(request, reply, { url: ROUTES.device_authorization, body: { type: FORM, text } });
    });
  }
  app.post(ROUTES.revocation, { config: LIMITS.token }, async (request, reply) => {
    const form = readForm(request);
    if (form === null) return refuse(reply, "invalid_request", `the body must be ${FORM}`);
    const kept = sanitiseRevoke(form);
    const [token, ...more] = kept.getAll("token");
    if (token !== undefined && more.length === 0) kept.set("token", await deps.revocable(token));
    return answer(request, reply, { url: ROUTES.revocation, body: { type: FORM, text: kept.toString() } });
  });
  app.post(ROUTES.registration, { config: LIMITS.register }, async (request, reply) => {
    const body = readJson(request);
    const client = sanitiseClient(body, deps.config);
    if (!client.ok) return refuse(reply, client.error, client.description);
    const text = JSON.stringify(client.metadata);
    return answer(request, reply, { url: ROUTES.registration, body: { type: "application/json", text } });
  });
  app.get(ROUTES.jwks, async (_request, reply) =>
    reply
      .header("cache-control", `public, max-age=${JWKS_SECONDS}`)
      .type("application/json")
      .send(JSON.stringify({ keys: (await deps.keys()).publicJwks })),
  );

  app.setErrorHandler(async (error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) request.log.error({ err: error, requestId: request.id }, "request failed");
    const code = status >= 500 ? "server_error" : status === 429 ? "temporarily_unavailable" : "invalid_request";
    reply.code(status).header("cache-control", "no-store");
    if (request.method !== "GET") return reply.type("application/json").send(JSON.stringify({ error: code }));
    return reply.type("text/html; charset=utf-8").send(renderProblem(siteOf(deps.config), code));
  });
}

function refuse(reply: FastifyReply, error: string, description: string): FastifyReply {
  return reply
    .code(400)
    .header("cache-control", "no-store")
    .type("application/json")
    .send(JSON.stringify({ error, error_description: description }));
}

function readForm(request: FastifyRequest): URLSearchParams | null {
  const type = request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  return type === FORM && typeof request.body === "string" ? new URLSearchParams(request.body) : null;
}

function readJson(request: FastifyRequest): unknown {
  try {
    return JSON.parse(z.string().parse(request.body));
  } catch {
    return null;
  }
}

function statusOf(error: unknown): number {
  const status =
    error instanceof Error && "status" in error
      ? error.status
      : error instanceof Error && "statusCode" in error
        ? error.statusCode
        : 500;
  return typeof status === "number" && status >= 400 && status <= 599 ? status : 500;
}
