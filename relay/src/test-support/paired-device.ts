import { pairResponseSchema, type PairResponse } from "@agent-personas/shared/api/devices";
import { pairingCodeSchema } from "@agent-personas/shared/api/devices";
import { signDeviceToken, signPairingProof, type DevicePurpose } from "@agent-personas/shared/oauth/device-token";
import { publicKeySchema, type PublicKey } from "@agent-personas/shared/primitives/fingerprint";
import { exportJWK, generateKeyPair, type CryptoKey } from "jose";

export type Answer = { status: number; body: unknown; headers: Headers };

export type TestDevice = {
  publicKey: PublicKey;
  privateKey: CryptoKey;
  deviceId: () => string;
  userId: () => string;
  /** `POST /devices`; keeps the id when it pairs at once. */
  pair: (code: string, options?: PairOptions) => Promise<PairResponse>;
  /** The same without expecting success. */
  tryPair: (code: string, options?: PairOptions) => Promise<Answer>;
  /** Takes the ids of a pairing that was completed later. */
  become: (paired: PairResponse) => void;
  token: (claims?: { purpose?: DevicePurpose; audience?: string; now?: number }) => Promise<string>;
  send: (method: string, path: string, body?: unknown) => Promise<Answer>;
};

type PairOptions = { personName?: string; deviceName?: string; proof?: string };

export async function createTestDevice(url: string, clock: { now: number }): Promise<TestDevice> {
  const { publicKey: key, privateKey } = await generateKeyPair("ES256", { extractable: true });
  const { kty, crv, x, y } = await exportJWK(key);
  const publicKey = publicKeySchema.parse({ kty, crv, x, y });
  let ids = { deviceId: "", userId: "" };

  const become = (paired: PairResponse): void => {
    if (paired.state === "paired") ids = { deviceId: paired.device.deviceId, userId: paired.user.userId };
  };
  const token: TestDevice["token"] = (claims = {}) =>
    signDeviceToken(
      { deviceId: ids.deviceId, privateKey },
      { purpose: claims.purpose ?? "rest", audience: claims.audience ?? url, now: claims.now ?? clock.now },
    );
  const tryPair: TestDevice["tryPair"] = async (code, { personName, deviceName = "Test browser", proof } = {}) => {
    const claim = { code: pairingCodeSchema.parse(code), origin: url };
    return sendJson(url, "POST", "/api/v1/devices", {
      code,
      deviceName,
      ...(personName === undefined ? {} : { personName }),
      publicKey,
      proof: proof ?? (await signPairingProof({ publicKey, privateKey }, claim)),
    });
  };
  return {
    publicKey,
    privateKey,
    deviceId: () => ids.deviceId,
    userId: () => ids.userId,
    become,
    token,
    tryPair,
    pair: async (code, options) => {
      const answer = await tryPair(code, options);
      const paired = pairResponseSchema.parse(answer.body);
      become(paired);
      return paired;
    },
    send: async (method, path, body) => sendJson(url, method, `/api/v1${path}`, body, await token()),
  };
}

export async function sendJson(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  token?: string,
): Promise<Answer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: unknown = text === "" ? null : JSON.parse(text);
  return { status: response.status, body: answer, headers: response.headers };
}
