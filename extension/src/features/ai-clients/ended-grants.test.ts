import "fake-indexeddb/auto";
import type { Grant } from "@agent-personas/shared/api/grants";
import { createId } from "@agent-personas/shared/primitives/id";
import { expect, onTestFinished, test } from "vitest";
import { openDatabase } from "../../db/database.ts";
import { grant } from "../../test-support/grant.ts";
import { personaRow, personaVersion } from "../../test-support/rows.ts";
import { createEndedGrants, type EndedGrant } from "./ended-grants.ts";

async function setUp(ofRelay: (personaId: string) => Grant[]) {
  const db = openDatabase(`test-${createId("db")}`);
  onTestFinished(() => db.delete());
  const other = personaVersion({ name: "Other" });
  const helper = personaVersion({ name: "Helper" });
  await db.personas.bulkPut([personaRow(other), personaRow(helper, { slug: "helper-abc234" })]);
  const announced: EndedGrant[] = [];
  const asked: string[] = [];
  const ended = createEndedGrants({
    db,
    api: {
      grants: (personaId) => {
        asked.push(personaId);
        return Promise.resolve({ grants: ofRelay(personaId) });
      },
    },
    announce: (found) => announced.push(found),
  });
  return { ended, announced, asked, personaId: helper.personaId };
}

test("tells which client lost its access to which persona when a token was used twice", async () => {
  const twice = grant({ endedForReuseAt: 5 });
  const set = await setUp((personaId) => (personaId === set.personaId ? [grant(), twice] : [grant()]));
  await set.ended(twice.grantId);
  expect(set.announced).toEqual([{ personaId: set.personaId, persona: "Helper", client: "Cursor" }]);
});

test("says nothing of a grant that the person revoked or that the relay does not list", async () => {
  const revoked = grant();
  const { ended, announced } = await setUp(() => [revoked]);
  await ended(revoked.grantId);
  await ended(createId("grant"));
  expect(announced).toEqual([]);
});

test("asks no more for fifty grants that end together than for two", async () => {
  const { ended, asked } = await setUp(() => []);
  await Promise.all(Array.from({ length: 50 }, () => ended(createId("grant"))));
  expect(asked.length).toBeLessThanOrEqual(4);
});
