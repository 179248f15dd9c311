import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { discover } from "../support/oauth-client.ts";
import { startPersonRelay } from "../support/person-relay.ts";

const REGISTRATIONS = 10_000;
/** What one address may register in an hour. */
const PER_ADDRESS = 200;
const AT_ONCE = 20;
/** Clients that the relay keeps. */
const KEPT = 5_000;
const MEMORY = "/dev/shm";

// A disk would be waited for at each of them, which is what takes the time.
beforeAll(() => void (existsSync(MEMORY) && vi.stubEnv("TMPDIR", MEMORY)));
afterAll(() => vi.unstubAllEnvs());

test("10,000 registrations from 50 addresses leave bounded storage", { timeout: 180_000 }, async () => {
  await using world = await startPersonRelay({ env: { TRUST_PROXY: "127.0.0.1,::1", LOG_LEVEL: "warn" } });
  const { endpoint } = await world.deploy();
  const { metadata } = await discover(endpoint);
  const statuses = new Map<number, number>();
  const register = async (index: number): Promise<void> => {
    const answer = await fetch(metadata.registration_endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-forwarded-for": `198.51.100.${Math.floor(index / PER_ADDRESS)}`,
      },
      body: JSON.stringify({ client_name: `Client ${index}`, redirect_uris: [`https://c${index}.example/callback`] }),
    });
    await answer.body?.cancel();
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  };
  const registerAll = async (begin: number, end: number): Promise<void> => {
    for (let index = begin; index < end; index += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, offset) => register(index + offset)));
    }
  };
  const file = join(world.relay.dataFolder, "relay.sqlite");

  await registerAll(0, KEPT);
  await world.relay.restart();
  const { size: full } = await stat(file);
  await registerAll(KEPT, REGISTRATIONS);
  await world.relay.stop();
  const { size: after } = await stat(file);

  expect([...statuses]).toEqual([[201, REGISTRATIONS]]);
  using database = new DatabaseSync(file, { readOnly: true });
  expect(database.prepare("SELECT count(*) AS kept FROM oauth_clients").get()).toEqual({ kept: KEPT });
  expect(after).toBeLessThan(full * 1.1);
});
