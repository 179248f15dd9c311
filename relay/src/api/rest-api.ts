import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import type { SignIns } from "../sign-in/create-sign-ins.ts";
import { requireDevice } from "./device-auth.ts";
import { deviceRoutes } from "./device-routes.ts";
import { grantRoutes } from "./grant-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { limitSettingRoutes } from "./limit-setting-routes.ts";
import { pairingRoutes } from "./pairing-routes.ts";
import { passthroughRoutes } from "./passthrough-routes.ts";
import { personaRoutes } from "./persona-routes.ts";
import { relayRoutes } from "./relay-routes.ts";
import { scriptRoutes } from "./script-routes.ts";
import { signInRoutes } from "./sign-in-routes.ts";

type Deps = RelayDeps & { relayId: string; version: string; signIns: SignIns };

/** Everything under `/api/v1`: public routes first, then scripts with their keys, then what needs a device token. */
export async function restApi(app: FastifyInstance, deps: Deps): Promise<void> {
  app.addHook("onRequest", async (_request, reply) => void reply.header("cache-control", "no-store"));
  relayRoutes(app, deps);
  pairingRoutes(app, deps);
  await app.register(async (scripts) => scriptRoutes(scripts, deps));
  await app.register(async (paired) => {
    requireDevice(paired, deps);
    deviceRoutes(paired, deps);
    personaRoutes(paired, deps);
    passthroughRoutes(paired, deps);
    keyRoutes(paired, deps);
    grantRoutes(paired, deps);
    limitSettingRoutes(paired, deps);
    signInRoutes(paired, deps);
  });
}
