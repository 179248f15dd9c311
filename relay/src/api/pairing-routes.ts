import {
  linkOutcomeSchema,
  pairedSchema,
  pairingPendingSchema,
  pairRequestSchema,
} from "@agent-personas/shared/api/devices";
import { linkIdSchema } from "@agent-personas/shared/primitives/id";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import { readLinkOutcome } from "../devices/device-link.ts";
import { pairDevice, type PairingDeps } from "../devices/pair-device.ts";
import { LIMITS } from "./limits.ts";

/** The two requests of a device that is not paired yet. */
export function pairingRoutes(app: FastifyInstance, deps: PairingDeps): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    "/devices",
    {
      schema: { body: pairRequestSchema, response: { 201: pairedSchema, 202: pairingPendingSchema } },
      config: LIMITS.pairing,
    },
    async (request, reply) => {
      const answer = await pairDevice(deps, request.body);
      return answer.state === "paired" ? reply.code(201).send(answer) : reply.code(202).send(answer);
    },
  );
  routes.get(
    "/links/:linkId/outcome",
    {
      schema: { params: z.strictObject({ linkId: linkIdSchema }), response: { 200: linkOutcomeSchema } },
      config: LIMITS.polling,
    },
    (request) => readLinkOutcome(deps, request.params.linkId),
  );
}
