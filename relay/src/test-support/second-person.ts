import { createId } from "@agent-personas/shared/primitives/id";
import { createPairingCode } from "../devices/pairing-code.ts";
import { openStore } from "../store/open-store.ts";
import { replaceCode } from "../store/pairing-codes.ts";
import { insertUser } from "../store/users.ts";
import { createTestDevice, type TestDevice } from "./paired-device.ts";
import type { TestRelay } from "./whole-relay.ts";

/** Another person with a device, put into the relay's database from outside, since nobody can be invited yet. */
export async function addPerson(relay: Pick<TestRelay, "folder" | "url" | "clock">): Promise<TestDevice> {
  const { shown, hash } = await createPairingCode();
  const userId = createId("user");
  const store = await openStore(relay.folder);
  await insertUser(store.db, { userId, name: "Eve", administrator: false, createdAt: 1 });
  await replaceCode(store.db, { kind: "recovery", userId, codeHash: hash, createdAt: 1 });
  await store.close();
  const device = await createTestDevice(relay.url, relay.clock);
  await device.pair(shown);
  return device;
}
