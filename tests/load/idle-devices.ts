import { createDeviceKey } from "@agent-personas/extension/test-support/device-key";
import { openIdleTunnel } from "@agent-personas/extension/test-support/idle-tunnel";
import { insertDevice } from "@agent-personas/relay/store/devices";
import { openStore } from "@agent-personas/relay/store/open-store";
import { insertUser } from "@agent-personas/relay/store/users";
import { createId } from "@agent-personas/shared/primitives/id";

const AT_ONCE = 50;

/** Puts so many people with a browser each into a relay's database; answers how to bring them online. */
export async function addIdleDevices(dataFolder: string, count: number): Promise<IdleDevices> {
  const devices: { deviceId: string; privateKey: CryptoKey }[] = [];
  const store = await openStore(dataFolder);
  for (let number = 0; number < count; number += 1) {
    const { publicKey, privateKey } = await createDeviceKey();
    const [userId, deviceId] = [createId("user"), createId("device")];
    await insertUser(store.db, { userId, name: `Idle ${number}`, administrator: false, createdAt: 1 });
    await insertDevice(store.db, { deviceId, userId, name: "Idle", publicKey, createdAt: 1 });
    devices.push({ deviceId, privateKey });
  }
  await store.close();

  const onlineAt = new Map<string, number>();
  const tunnels: { stop: () => void }[] = [];
  return {
    open: async (relayUrl, upTo) => {
      for (let from = 0; from < upTo; from += AT_ONCE) {
        const some = devices.slice(from, Math.min(from + AT_ONCE, upTo));
        await Promise.all(
          some.map(
            ({ deviceId, privateKey }) =>
              new Promise<void>((resolve) => {
                const onOnline = (): void => {
                  onlineAt.set(deviceId, Date.now());
                  resolve();
                };
                const identity = { relayUrl, deviceId, privateKey, clockOffset: 0 };
                if (onlineAt.has(deviceId)) return resolve();
                const tunnel = openIdleTunnel(identity, onOnline);
                tunnels.push(tunnel);
                void tunnel.start();
              }),
          ),
        );
      }
    },
    onlineSince: (time) => [...onlineAt.values()].filter((at) => at >= time),
    [Symbol.dispose]: () => tunnels.forEach((tunnel) => tunnel.stop()),
  };
}

export type IdleDevices = {
  /** Brings the first `upTo` online, a few at a time; from then on they come back by themselves. */
  open: (relayUrl: string, upTo: number) => Promise<void>;
  /** When each that came online since then last did. Epoch milliseconds. */
  onlineSince: (time: number) => number[];
} & Disposable;
