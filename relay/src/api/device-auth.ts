import { AppError } from "@agent-personas/shared/errors/app-error";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { KnownDevice, RelayDeps } from "../deps.ts";
import { authenticateDevice } from "../devices/authenticate-device.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by `requireDevice`; read it with `deviceOf`. */
    device: KnownDevice | null;
  }
}

/** Every route registered on `app` from here on needs a device token, checked before the body is read. */
export function requireDevice(
  app: FastifyInstance,
  deps: Pick<RelayDeps, "config" | "devices" | "usedTokens" | "usage" | "now">,
): void {
  app.decorateRequest("device", null);
  // After the route's limit, which is an onRequest hook.
  app.addHook("preParsing", async (request, _reply, payload) => {
    request.device = await authenticateDevice(deps, request.headers.authorization);
    return payload;
  });
}

export function deviceOf(request: FastifyRequest): KnownDevice {
  if (request.device === null) throw new AppError("device_token_invalid");
  return request.device;
}
