import { createPairingCode } from "@agent-personas/relay/devices/pairing-code";
import { openStore } from "@agent-personas/relay/store/open-store";
import { replaceCode } from "@agent-personas/relay/store/pairing-codes";
import { insertUser } from "@agent-personas/relay/store/users";
import { createId } from "@agent-personas/shared/primitives/id";

/** People put into a relay's database from outside; answers the code that pairs each one's first browser. */
export async function addPeople(dataFolder: string, count: number): Promise<string[]> {
  const store = await openStore(dataFolder);
  const codes: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const { shown, hash } = await createPairingCode();
    const userId = createId("user");
    await insertUser(store.db, { userId, name: `Person ${number}`, administrator: number === 1, createdAt: 1 });
    await replaceCode(store.db, { kind: "recovery", userId, codeHash: hash, createdAt: 1 });
    codes.push(shown);
  }
  await store.close();
  return codes;
}
