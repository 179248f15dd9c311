import { AppError } from "@agent-personas/shared/errors/app-error";
import { expect, test } from "vitest";
import { commandInputs, type CommandName } from "../messages/contract.ts";
import type { Handlers } from "../messages/handlers.ts";
import { createCommandRouter, type Sender } from "./commands.ts";

const ID = "abcdefghijklmnop";
const BASE = `chrome-extension://${ID}/`;
const page: Sender = { id: ID, url: `${BASE}console.html#/apps`, origin: BASE.slice(0, -1) };

function createRouter(answer: (input: unknown) => Promise<unknown>) {
  const handlers = Object.fromEntries(Object.keys(commandInputs).map((name) => [name, answer]));
  return createCommandRouter({ handlers: handlers as Handlers<CommandName>, own: { id: ID, baseUrl: BASE } });
}

test("answers a command of its own page with the parsed input", async () => {
  const route = createRouter((input) => Promise.resolve(input));
  const reply = await route(
    { command: "devices.revoke", input: { deviceId: "device_000000000" + "a".repeat(22) } },
    page,
  );
  expect(reply).toEqual({ ok: true, value: { deviceId: "device_000000000" + "a".repeat(22) } });
});

test("answers nobody else: content scripts, other extensions, look-alike addresses, the web", async () => {
  const route = createRouter(() => Promise.resolve("secret"));
  const others: Sender[] = [
    { id: ID, url: "https://evil.example/", origin: "https://evil.example" },
    { id: ID, url: `https://evil.example/?${BASE}console.html` },
    { id: ID, url: `${BASE.slice(0, -1)}x/console.html` },
    { id: "ponmlkjihgfedcba", url: `${BASE}console.html` },
    { id: ID, url: `${BASE}console.html`, origin: "https://evil.example" },
    { id: ID },
    {},
  ];
  for (const sender of others) {
    expect(await route({ command: "status.get", input: {} }, sender)).toMatchObject({
      ok: false,
      error: { code: "forbidden" },
    });
  }
});

test("refuses unknown commands, inherited names and inputs that do not fit", async () => {
  const route = createRouter(() => Promise.resolve("never"));
  for (const message of [
    { command: "toString", input: {} },
    { command: "status.get", input: {}, extra: 1 },
    { command: "status.get", input: { extra: 1 } },
    { command: "devices.revoke", input: { deviceId: "x" } },
    "status.get",
    null,
  ]) {
    expect(await route(message, page)).toMatchObject({ ok: false, error: { code: "invalid_request" } });
  }
});

test("passes faults of the catalogue on and keeps everything else to itself", async () => {
  const known = createRouter(() => Promise.reject(new AppError("app_exists", { detail: { app: "Notes" } })));
  expect(await known({ command: "status.get", input: {} }, page)).toEqual({
    ok: false,
    error: { code: "app_exists", detail: { app: "Notes" } },
  });
  const unknown = createRouter(() => Promise.reject(new Error("token=abc")));
  const reply = await unknown({ command: "status.get", input: {} }, page);
  expect(reply).toEqual({ ok: false, error: { code: "internal_error", detail: {} } });
});
