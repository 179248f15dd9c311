import { AppError } from "@agent-personas/shared/errors/app-error";
import { SCOPES } from "@agent-personas/shared/persona/scope";
import { randomBase62 } from "@agent-personas/shared/primitives/random";
import { sha256Hex } from "@agent-personas/shared/primitives/sha256";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { RelayDeps } from "../../deps.ts";
import { readCookie } from "../../http/read-cookie.ts";
import { findRecord, upsertRecord } from "../../store/oauth-records.ts";
import { TEXTS } from "../../texts/sign-in.ts";
import { allowClient } from "../allow-client.ts";
import { NAME_LENGTH, type Interactions, type PendingSignIn } from "../interactions.ts";
import { plainText } from "../pages/plain-text.ts";
import { signInPath } from "../provider.ts";
import { readResource } from "../resources.ts";
import { findDeviceRequest, settleDeviceRequest, useUserCode, type DeviceRequest } from "./device-requests.ts";

/** Addresses of the last page, which tells that the device goes on by itself. */
export const DEVICE_ALLOWED = "/device/allowed";
export const DEVICE_DENIED = "/device/denied";

export type DeviceSignIns = Interactions & {
  /** Starts the sign-in of a typed code; answers the address of its page, or null for a wrong code. */
  begin: (reply: FastifyReply, typed: string) => Promise<string | null>;
};

type Deps = Pick<RelayDeps, "config" | "store" | "now" | "personas">;

const DEVICE_SIGN_IN = "DeviceSignIn";
const UID_PREFIX = "device-";
const openSchema = z.object({ deviceCode: z.string(), nonce: z.string() });

/** Whether a sign-in began with a code that a device showed. */
export const isDeviceSignIn = (uid: string): boolean => uid.startsWith(UID_PREFIX);

/**
 * Sign-ins that began with a code instead of a redirect, for the same pages. A cookie ties one to the browser in which
 * the code was typed, as the engine's does for the others.
 */
export function createDeviceInteractions(deps: Deps): DeviceSignIns {
  const { publicUrl } = deps.config;
  return {
    begin: async (reply, typed) => {
      const deviceCode = await useUserCode(deps, typed);
      const asked = deviceCode === null ? null : await findDeviceRequest(deps, deviceCode);
      if (deviceCode === null || asked === null) return null;
      const [uid, secret] = [`${UID_PREFIX}${randomBase62(22)}`, randomBase62(43)];
      await upsertRecord(deps.store.db, {
        recordHash: await hashOf(uid, secret),
        kind: DEVICE_SIGN_IN,
        grantId: null,
        payload: { deviceCode, nonce: randomBase62(43) },
        createdAt: deps.now(),
        expiresAt: asked.endsAt,
      });
      setCookie(deps, reply, { uid, secret, seconds: Math.ceil((asked.endsAt - deps.now()) / 1_000) });
      return signInPath(uid);
    },
    load: async (request) => (await open(deps, request)).pending,
    finish: async (request, _reply, decision) => {
      const { pending, asked } = await open(deps, request);
      const grantId = await allowClient(deps, pending, decision);
      const settled = await settleDeviceRequest(deps, asked, {
        accountId: decision.keyId ?? decision.userId,
        grantId,
        scope: decision.scopes.join(" "),
        resource: pending.resource,
      });
      if (!settled) throw new AppError("sign_in_expired");
      return `${publicUrl}${DEVICE_ALLOWED}`;
    },
    deny: async (request) => {
      const { asked } = await open(deps, request);
      if (!(await settleDeviceRequest(deps, asked, "denied"))) throw new AppError("sign_in_expired");
      return `${publicUrl}${DEVICE_DENIED}`;
    },
  };
}

async function open(deps: Deps, request: FastifyRequest): Promise<{ pending: PendingSignIn; asked: DeviceRequest }> {
  const { uid } = z.object({ uid: z.string() }).parse(request.params);
  const secret = readCookie(request, cookieName(deps));
  const record = await findRecord(deps.store.db, await hashOf(uid, secret));
  const opened = record === null ? null : openSchema.parse(record.payload);
  const asked = opened === null ? null : await findDeviceRequest(deps, opened.deviceCode);
  if (opened === null || asked === null || asked.grantId !== undefined || asked.error !== undefined) {
    throw new AppError("sign_in_expired");
  }
  return { asked, pending: await describe(deps, asked, { uid, nonce: opened.nonce }) };
}

async function describe(
  { config, personas }: Deps,
  { clientId, deviceInfo, params }: DeviceRequest,
  of: { uid: string; nonce: string },
): Promise<PendingSignIn> {
  const resource = readResource(config.publicUrl, params.resource);
  const persona = resource === null || resource.slug === null ? null : await personas.bySlug(resource.slug);
  if (resource === null || (resource.slug !== null && persona === null)) throw new AppError("sign_in_expired");
  const asked = new Set(params.scope.split(" "));
  return {
    ...of,
    client: {
      clientId,
      name: plainText(deviceInfo.clientName, NAME_LENGTH) || plainText(clientId, NAME_LENGTH),
      redirectUri: `${config.publicUrl}${DEVICE_ALLOWED}`,
      redirectHost: TEXTS.deviceAt(plainText(deviceInfo.ip, NAME_LENGTH)),
      kind: "device",
    },
    resource: resource.uri,
    personaId: persona?.personaId ?? null,
    scopes: SCOPES.filter((scope) => asked.has(scope)),
  };
}

const hashOf = (uid: string, secret: string): Promise<string> => sha256Hex(`${DEVICE_SIGN_IN}:${uid}:${secret}`);

const cookieName = ({ config }: Deps): string =>
  `${config.publicUrl.startsWith("https:") ? "__Secure-" : ""}ap-device-sign-in`;

function setCookie(deps: Deps, reply: FastifyReply, to: { uid: string; secret: string; seconds: number }): void {
  const secure = deps.config.publicUrl.startsWith("https:") ? "; Secure" : "";
  reply.header(
    "set-cookie",
    `${cookieName(deps)}=${to.secret}; Path=${signInPath(to.uid)}; Max-Age=${to.seconds}; HttpOnly; SameSite=Lax${secure}`,
  );
}
