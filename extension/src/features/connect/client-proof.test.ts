import { expect, test } from "vitest";
import { grant } from "../../test-support/grant.ts";
import { accessKey } from "../../test-support/access-key.ts";
import { clientLastSeen, keyNameFor } from "./client-proof.ts";

const join = (client: string, device: string) => `${client} on ${device}`;

const grantOf = (name: string, lastUsedAt: number) =>
  grant({ client: { name, redirectHost: "this computer" }, lastUsedAt });

const used = (lastClient: string | null, lastUsedAt: number | null) => accessKey({ lastClient, lastUsedAt });

test("knows a client by the name it gives of itself", () => {
  const keys = [used("cursor-vscode 1.0", 5), used("Cursor", 7), used("Visual Studio Code 1.105", 3), used(null, null)];
  expect(clientLastSeen("cursor", { keys, grants: [] })).toBe(7);
  expect(clientLastSeen("vscode", { keys, grants: [] })).toBe(3);
  expect(clientLastSeen("claude-code", { keys, grants: [] })).toBe(null);
});

test("sees a client that signed in, and does not take Claude Code for Claude.ai", () => {
  const grants = [grantOf("Claude Code (plugin)", 9), grantOf("Claude", 4), grantOf("Somebody", 11)];
  expect(clientLastSeen("claude-code", { keys: [], grants })).toBe(9);
  expect(clientLastSeen("claude-ai", { keys: [], grants })).toBe(4);
  expect(clientLastSeen("chatgpt", { keys: [], grants })).toBe(null);
});

test("names a key after client and device", () => {
  expect(keyNameFor("Cursor", "ada-mbp", join)).toBe("Cursor on ada-mbp");
  expect(keyNameFor("Cursor", null, join)).toBe("Cursor");
  expect(keyNameFor("Cursor", "x".repeat(90), join)).toHaveLength(80);
});
