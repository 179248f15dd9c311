import { isAppError } from "@agent-personas/shared/errors/app-error";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import type { Caller } from "../deps.ts";
import type { Principal } from "../inbound/principal.ts";
import { publishTools } from "../personas/publish-tools.ts";
import { testVersion } from "../test-support/test-persona.ts";
import { createOpenRequests } from "./open-requests.ts";

const version = testVersion(createId("device"));

function caller(kind: Principal["kind"], id: string, personaId = version.personaId): Caller {
  const principal: Principal = {
    kind,
    id,
    personaId,
    executingUserId: createId("user"),
    deviceId: null,
    scopes: [],
    tools: null,
    keyId: null,
    forwardedHeaders: {},
  };
  return {
    principal,
    persona: { personaId, slug: "bot-abcdef", ownerId: principal.executingUserId, version, ...publishTools(version) },
  };
}

/** Opens streams until one is refused, 5,000 at most. */
function fill(open: ReturnType<typeof createOpenRequests>, who: Caller) {
  const entries: ReturnType<typeof open.add>[] = [];
  try {
    while (entries.length < 5_000) entries.push(open.add(who, true));
  } catch (error) {
    if (!isAppError(error) || error.code !== "too_busy") throw error;
  }
  return entries;
}

test("however many passthrough callers a persona has, together they hold no more than one of its own", () => {
  const open = createOpenRequests();
  const counts = Array.from({ length: 15 }, (_, n) => fill(open, caller("external", `ext_${n}`)).length);
  expect(counts).toEqual([...Array.from({ length: 10 }, () => 200), 0, 0, 0, 0, 0]);
  expect(fill(open, caller("key", "key_1"))).toHaveLength(2_000);
  expect(fill(open, caller("external", "ext_1", createId("persona", 9)))).toHaveLength(0);
  expect(fill(open, caller("external", "ext_other", createId("persona", 9)))).toHaveLength(200);
});

test("what has ended makes room, once", () => {
  const open = createOpenRequests();
  const [first] = fill(open, caller("external", "ext_1"));
  first?.end();
  first?.end();
  expect(fill(open, caller("external", "ext_1"))).toHaveLength(1);
  for (let n = 2; n <= 10; n += 1) fill(open, caller("external", `ext_${n}`));
  expect(fill(open, caller("external", "ext_11"))).toHaveLength(0);
  expect(open.size()).toBe(2_000);
});
