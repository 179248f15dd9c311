import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { apiErrorSchema } from "@agent-personas/shared/api/devices";
import { isAppError } from "@agent-personas/shared/errors/app-error";
import { verifyDeviceToken } from "@agent-personas/shared/oauth/device-token";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createDeviceKey } from "../test-support/device-key.ts";
import { createRelayRequest } from "./relay-request.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function createRelay(handle: Handler) {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function createDevice(relayUrl: string, now: () => number = Date.now) {
  const { publicKey, privateKey } = await createDeviceKey();
  const identity = { relayUrl, deviceId: createId("device"), privateKey, clockOffset: 0 };
  const send = createRelayRequest({
    identity: {
      load: () => Promise.resolve(identity),
      keepClockOffset: (offset) => {
        identity.clockOffset = offset;
        return Promise.resolve();
      },
    },
    fetch,
    now,
  });
  return { identity, send, publicKey };
}

const refuse = (response: ServerResponse, status: number, code: string, detail: Record<string, string> = {}): void => {
  const error = { code, message: "m", next: "n", help: "h", requestId: "req-1", detail, serverTime: Date.now() };
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(apiErrorSchema.parse({ error })));
};

const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  return isAppError(error) ? error.code : "none";
};

const ask = { method: "GET", path: "/api/v1/me", answer: z.strictObject({ ok: z.boolean() }) } as const;

test("sends a fresh token for every request and parses the answer", async () => {
  const tokens: string[] = [];
  const url = await createRelay((request, response) => {
    tokens.push(request.headers.authorization?.replace("Bearer ", "") ?? "");
    response.end('{"ok":true}');
  });
  const device = await createDevice(url);
  expect(await device.send(ask)).toEqual({ ok: true });
  await device.send(ask);
  expect(new Set(tokens).size).toBe(2);
  const expected = { purpose: "rest" as const, audience: url, publicKey: device.publicKey, now: Date.now() };
  expect((await verifyDeviceToken(tokens[0] ?? "", expected)).sub).toBe(device.identity.deviceId);
});

test("corrects a wrong clock once and asks again, but not twice", async () => {
  let requests = 0;
  const url = await createRelay((_request, response) => {
    requests += 1;
    refuse(response, 401, "clock");
  });
  const device = await createDevice(url, () => Date.now() - 500_000);
  expect(await codeOf(device.send(ask))).toBe("clock");
  expect(requests).toBe(2);
  expect(Math.abs(device.identity.clockOffset - 500_000)).toBeLessThan(2_000);
});

test("throws the relay's code with its facts and the request id", async () => {
  const url = await createRelay((_request, response) => refuse(response, 404, "persona_not_found", { name: "x" }));
  const device = await createDevice(url);
  const error: unknown = await device.send(ask).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: "persona_not_found", detail: { name: "x", requestId: "req-1" } });
});

test("takes a code that it does not know for an internal error", async () => {
  const url = await createRelay((_request, response) => refuse(response, 418, "teapot"));
  expect(await codeOf((await createDevice(url)).send(ask))).toBe("internal_error");
});

test("says that the relay does not answer when nothing, no JSON, or something else answers", async () => {
  const device = await createDevice("http://127.0.0.1:1");
  expect(await codeOf(device.send(ask))).toBe("relay_unreachable");
  for (const body of ["<html>", '{"ok":"yes"}', ""]) {
    const url = await createRelay((_request, response) => response.end(body));
    expect(await codeOf((await createDevice(url)).send(ask))).toBe("relay_unreachable");
  }
});

test("follows no redirect with its token", async () => {
  const seen: string[] = [];
  const other = await createRelay((request, response) => {
    seen.push(request.headers.authorization ?? "");
    response.end('{"ok":true}');
  });
  const url = await createRelay((_request, response) => response.writeHead(302, { location: other }).end());
  expect(await codeOf((await createDevice(url)).send(ask))).toBe("relay_unreachable");
  expect(seen).toEqual([]);
});

test("signs nothing for a time that only a relay in wrong hands would name", async () => {
  let requests = 0;
  const url = await createRelay((_request, response) => {
    requests += 1;
    refuse(response, 401, "clock");
  });
  const yearAgo = Date.now() - 365 * 86_400_000;
  const device = await createDevice(url, () => yearAgo);
  expect(await codeOf(device.send(ask))).toBe("clock");
  expect([requests, device.identity.clockOffset]).toEqual([1, 0]);
});
