import {
  deviceSchema,
  devicesSchema,
  linkCreatedSchema,
  linkDecisionSchema,
  linkStateSchema,
  meSchema,
  preferDeviceSchema,
  recoveryCodeSchema,
  renameDeviceSchema,
} from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { deviceIdSchema, linkIdSchema } from "@agent-personas/shared/primitives/id";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { RelayDeps } from "../deps.ts";
import { decideDeviceLink } from "../devices/decide-link.ts";
import { createDeviceLink, readLinkState } from "../devices/device-link.ts";
import { listOwnDevices, renameOwnDevice, renewRecoveryCode, revokeOwnDevice } from "../devices/manage-devices.ts";
import { preferOwnDevice } from "../devices/prefer-device.ts";
import { loadUser, renderDevice } from "../devices/render-device.ts";
import { findDevice } from "../store/devices.ts";
import { deviceOf } from "./device-auth.ts";
import { LIMITS } from "./limits.ts";
import { relayInfo } from "./relay-routes.ts";

type Deps = Pick<RelayDeps, "config" | "store" | "now" | "tunnel" | "sessions"> & { relayId: string; version: string };

const deviceParams = z.strictObject({ deviceId: deviceIdSchema });
const linkParams = z.strictObject({ linkId: linkIdSchema });
const emptySchema = z.strictObject({}).nullish();

/** A person's own devices, and links that add one. */
export function deviceRoutes(app: FastifyInstance, deps: Deps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get("/me", { schema: { response: { 200: meSchema } }, config: LIMITS.reading }, async (request) => {
    const { deviceId, userId } = deviceOf(request);
    const row = await findDevice(deps.store.db, deviceId);
    if (row === null) throw new AppError("device_token_invalid");
    return { user: await loadUser(deps, userId), device: await renderDevice(row, deps), relay: relayInfo(deps) };
  });
  routes.get("/devices", { schema: { response: { 200: devicesSchema } }, config: LIMITS.reading }, async (request) => ({
    devices: await listOwnDevices(deps, deviceOf(request)),
  }));
  routes.patch(
    "/devices/:deviceId",
    {
      schema: { params: deviceParams, body: renameDeviceSchema, response: { 200: deviceSchema } },
      config: LIMITS.writing,
    },
    (request) => renameOwnDevice(deps, deviceOf(request), { ...request.params, ...request.body }),
  );
  routes.put(
    "/devices/preferred",
    { schema: { body: preferDeviceSchema, response: { 204: z.undefined() } }, config: LIMITS.writing },
    async (request, reply) => {
      await preferOwnDevice(deps, deviceOf(request), request.body.deviceId);
      return reply.code(204).send(undefined);
    },
  );
  routes.delete(
    "/devices/:deviceId",
    { schema: { params: deviceParams, response: { 204: z.undefined() } }, config: LIMITS.writing },
    async (request, reply) => {
      await revokeOwnDevice(deps, deviceOf(request), request.params.deviceId);
      return reply.code(204).send(undefined);
    },
  );
  routes.post(
    "/recovery-codes",
    { schema: { body: emptySchema, response: { 201: recoveryCodeSchema } }, config: LIMITS.pairing },
    async (request, reply) => reply.code(201).send({ recoveryCode: await renewRecoveryCode(deps, deviceOf(request)) }),
  );
  routes.post(
    "/links",
    { schema: { body: emptySchema, response: { 201: linkCreatedSchema } }, config: LIMITS.pairing },
    async (request, reply) => reply.code(201).send(await createDeviceLink(deps, deviceOf(request))),
  );
  routes.get(
    "/links/:linkId",
    { schema: { params: linkParams, response: { 200: linkStateSchema } }, config: LIMITS.polling },
    (request) => readLinkState(deps, deviceOf(request), request.params.linkId),
  );
  routes.post(
    "/links/:linkId/decision",
    {
      schema: { params: linkParams, body: linkDecisionSchema, response: { 200: linkStateSchema } },
      config: LIMITS.pairing,
    },
    (request) => decideDeviceLink(deps, deviceOf(request), { ...request.params, ...request.body }),
  );
}
