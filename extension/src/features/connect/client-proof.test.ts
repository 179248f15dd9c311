import { expect, test } from "vitest";
import { accessKey } from "../../test-support/access-key.ts";
import { clientLastSeen, keyNameFor } from "./client-proof.ts";

const join = (client: string, device: string) => `${client} on ${device}`;

const used = (lastClient: string | null, lastUsedAt: number | null) => accessKey({ lastClient, lastUsedAt });

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
