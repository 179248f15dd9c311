import type { AccessKey } from "@agent-personas/shared/api/personas";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { clientLastSeen, keyNameFor } from "./client-proof.ts";

const join = (client: string, device: string) => `${client} on ${device}`;

const used = (lastClient: string | null, lastUsedAt: number | null): AccessKey => ({
  keyId: createId("key"),
  personaId: createId("persona"),
  name: "x",
  prefix: "ap_abc",
  last4: "wxyz",
  scopes: ["read"],
  tools: null,
  deviceId: null,
  state: "active",
  createdAt: 1,
  expiresAt: null,
  lastUsedAt,
  lastClient,
  leakedAt: null,
});

test("knows a client by the name it gives of itself", () => {
  const keys = [used("cursor-vscode 1.0", 5), used("Cursor", 7), used("Visual Studio Code 1.105", 3), used(null, null)];
  expect(clientLastSeen("cursor", keys)).toBe(7);
  expect(clientLastSeen("vscode", keys)).toBe(3);
  expect(clientLastSeen("claude-code", keys)).toBe(null);
});

test("names a key after client and device", () => {
  expect(keyNameFor("Cursor", "ada-mbp", join)).toBe("Cursor on ada-mbp");
  expect(keyNameFor("Cursor", null, join)).toBe("Cursor");
  expect(keyNameFor("Cursor", "x".repeat(90), join)).toHaveLength(80);
});
