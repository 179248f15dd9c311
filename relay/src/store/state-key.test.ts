import { openState, sealState } from "@agent-personas/shared/mcp/sealed-state";
import { expect, test } from "vitest";
import { openStore } from "./open-store.ts";
import { loadStateKey } from "./state-key.ts";

const scope = { personaId: "persona_a", principal: { kind: "key", id: "key_1" }, method: "tools/call", params: {} };

test("every node of one relay opens what another sealed, and no other relay does", async () => {
  await using stack = new AsyncDisposableStack();
  const [own, other] = [await openStore(":memory:"), await openStore(":memory:")];
  stack.defer(() => own.close());
  stack.defer(() => other.close());
  const [one, two] = await Promise.all([loadStateKey(own.db), loadStateKey(own.db)]);
  const now = Date.now();
  const sealed = await sealState({ step: 1 }, scope, one, now);
  expect((await openState(sealed, scope, [two], now)).state).toEqual({ step: 1 });
  await expect(openState(sealed, scope, [await loadStateKey(other.db)], now)).rejects.toMatchObject({
    code: "invalid_request",
  });
});
