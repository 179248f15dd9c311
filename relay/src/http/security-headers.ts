import helmet from "@fastify/helmet";
import type { FastifyInstance } from "fastify";
import type { RelayDeps } from "../deps.ts";
import { styleHash } from "./page.ts";

/** No script, no frame, no foreign resource on any page of the relay. */
export async function securityHeaders(app: FastifyInstance, { config }: Pick<RelayDeps, "config">): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: [`'sha256-${styleHash()}'`],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: "deny" },
    strictTransportSecurity: config.publicUrl.startsWith("https:"),
  });
}
