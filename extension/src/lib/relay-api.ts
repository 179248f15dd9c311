import {
  devicesSchema,
  linkCreatedSchema,
  linkOutcomeSchema,
  linkStateSchema,
  meSchema,
  pairResponseSchema,
  recoveryCodeSchema,
  relayInfoSchema,
  type PairRequest,
} from "@agent-personas/shared/api/devices";
import { grantsSchema, signInCodeSchema, waitingSignInsSchema } from "@agent-personas/shared/api/grants";
import { limitsOverviewSchema, type LimitSettings } from "@agent-personas/shared/api/limits";
import { triedTokenSchema, type TryToken } from "@agent-personas/shared/api/passthrough";
import {
  accessKeySchema,
  accessKeysSchema,
  createdKeySchema,
  personasSchema,
  storedPersonaSchema,
  type CreateKey,
  type EditKey,
} from "@agent-personas/shared/api/personas";
import { z } from "zod";
import { createRelayRequest, sendToRelay, type RelayRequestDeps } from "./relay-request.ts";

export type RelayApi = ReturnType<typeof createRelayApi>;

/** Answers that carry nothing this side reads. */
const anything = z.unknown();

/** The relay's REST API as the extension uses it: one function per route, every answer parsed. */
export function createRelayApi(deps: RelayRequestDeps) {
  const send = createRelayRequest(deps);
  return {
    /** Before pairing, when the address comes from the person. */
    info: (relayUrl: string) =>
      sendToRelay(deps.fetch, relayUrl, { method: "GET", path: "/api/v1/relay", answer: relayInfoSchema }),
    pair: (relayUrl: string, body: PairRequest) =>
      sendToRelay(deps.fetch, relayUrl, { method: "POST", path: "/api/v1/devices", body, answer: pairResponseSchema }),
    linkOutcome: (relayUrl: string, linkId: string) =>
      sendToRelay(deps.fetch, relayUrl, {
        method: "GET",
        path: `/api/v1/links/${linkId}/outcome`,
        answer: linkOutcomeSchema,
      }),

    me: () => send({ method: "GET", path: "/api/v1/me", answer: meSchema }),
    devices: () => send({ method: "GET", path: "/api/v1/devices", answer: devicesSchema }),
    renameDevice: (deviceId: string, name: string) =>
      send({ method: "PATCH", path: `/api/v1/devices/${deviceId}`, body: { name }, answer: anything }),
    revokeDevice: (deviceId: string) =>
      send({ method: "DELETE", path: `/api/v1/devices/${deviceId}`, answer: anything }),
    preferDevice: (deviceId: string | null) =>
      send({ method: "PUT", path: "/api/v1/devices/preferred", body: { deviceId }, answer: anything }),
    createLink: () => send({ method: "POST", path: "/api/v1/links", body: {}, answer: linkCreatedSchema }),
    linkState: (linkId: string) => send({ method: "GET", path: `/api/v1/links/${linkId}`, answer: linkStateSchema }),
    decideLink: (linkId: string, decision: { approve: boolean; fingerprint: string }) =>
      send({ method: "POST", path: `/api/v1/links/${linkId}/decision`, body: decision, answer: anything }),
    newRecoveryCode: () =>
      send({ method: "POST", path: "/api/v1/recovery-codes", body: {}, answer: recoveryCodeSchema }),

    personas: () => send({ method: "GET", path: "/api/v1/personas", answer: personasSchema }),
    savePersona: (personaId: string, signed: string) =>
      send({ method: "PUT", path: `/api/v1/personas/${personaId}`, body: { signed }, answer: storedPersonaSchema }),
    deletePersona: (personaId: string) =>
      send({ method: "DELETE", path: `/api/v1/personas/${personaId}`, answer: anything }),
    acceptPersona: (personaId: string, version: number) =>
      send({ method: "PUT", path: `/api/v1/personas/${personaId}/acceptance`, body: { version }, answer: anything }),

    keys: (personaId: string) =>
      send({ method: "GET", path: `/api/v1/personas/${personaId}/keys`, answer: accessKeysSchema }),
    createKey: (personaId: string, key: CreateKey) =>
      send({ method: "POST", path: `/api/v1/personas/${personaId}/keys`, body: key, answer: createdKeySchema }),
    editKey: (keyId: string, changes: EditKey) =>
      send({ method: "PATCH", path: `/api/v1/keys/${keyId}`, body: changes, answer: accessKeySchema }),
    revokeKey: (keyId: string) => send({ method: "DELETE", path: `/api/v1/keys/${keyId}`, answer: anything }),

    limits: () => send({ method: "GET", path: "/api/v1/limits", answer: limitsOverviewSchema }),
    /** Of the person, or of the persona that is named. */
    setLimits: (personaId: string | null, limits: LimitSettings) =>
      send({
        method: "PUT",
        path: personaId === null ? "/api/v1/limits" : `/api/v1/personas/${personaId}/limits`,
        body: limits,
        answer: anything,
      }),

    tryToken: (body: TryToken) =>
      send({ method: "POST", path: "/api/v1/passthrough/tries", body, answer: triedTokenSchema }),

    grants: (personaId: string) =>
      send({ method: "GET", path: `/api/v1/personas/${personaId}/grants`, answer: grantsSchema }),
    revokeGrant: (grantId: string) => send({ method: "DELETE", path: `/api/v1/grants/${grantId}`, answer: anything }),
    createSignInCode: () => send({ method: "POST", path: "/api/v1/sign-in-codes", body: {}, answer: signInCodeSchema }),
    waitingSignIns: () => send({ method: "GET", path: "/api/v1/sign-ins", answer: waitingSignInsSchema }),
    decideSignIn: (signInId: string, allow: boolean) =>
      send({ method: "POST", path: `/api/v1/sign-ins/${signInId}/decision`, body: { allow }, answer: anything }),
  };
}
