import { signInCodeSchema, signInDecisionSchema, waitingSignInsSchema } from "@agent-personas/shared/api/grants";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { signInIdSchema } from "@agent-personas/shared/primitives/id";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { SignIns } from "../sign-in/create-sign-ins.ts";
import { deviceOf } from "./device-auth.ts";
import { LIMITS } from "./limits.ts";

const emptySchema = z.strictObject({}).nullish();
const signInParams = z.strictObject({ signInId: signInIdSchema });

/** A device's codes for signing in elsewhere, and its person's Allow. */
export function signInRoutes(app: FastifyInstance, { signIns }: { signIns: SignIns }): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.post(
    "/sign-in-codes",
    { schema: { body: emptySchema, response: { 201: signInCodeSchema } }, config: LIMITS.pairing },
    async (request, reply) => {
      const { userId, deviceId } = deviceOf(request);
      const issued = signIns.codes.issue({ userId, deviceId });
      if (issued === null) throw new AppError("too_busy", { detail: { retryAfter: "60" } });
      return reply.code(201).send(issued);
    },
  );
  routes.get(
    "/sign-ins",
    { schema: { response: { 200: waitingSignInsSchema } }, config: LIMITS.polling },
    async (request) => ({ signIns: signIns.waiting.ofDevice(deviceOf(request).deviceId) }),
  );
  routes.post(
    "/sign-ins/:signInId/decision",
    {
      schema: { params: signInParams, body: signInDecisionSchema, response: { 204: z.undefined() } },
      config: LIMITS.writing,
    },
    async (request, reply) => {
      const { deviceId } = deviceOf(request);
      const decided = signIns.waiting.decide(deviceId, request.params.signInId, request.body.allow);
      if (!decided) throw new AppError("sign_in_not_found");
      return reply.code(204).send(undefined);
    },
  );
}
