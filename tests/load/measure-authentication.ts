import { readConfig, withPort } from "@agent-personas/relay/config";
import type { EndpointAddress, Inbound } from "@agent-personas/relay/deps";
import { createLog } from "@agent-personas/relay/http/create-log";
import { createInbound } from "@agent-personas/relay/inbound/authenticate";
import { createForeignTokens } from "@agent-personas/relay/inbound/passthrough/foreign-tokens";
import { createLimits } from "@agent-personas/relay/limits/create-limits";
import { createAuthorization } from "@agent-personas/relay/oauth/authorization";
import { createPublishedPersonas } from "@agent-personas/relay/personas/published-personas";
import { openStore } from "@agent-personas/relay/store/open-store";
import { startForeignWorld, type ForeignWorld } from "../support/foreign-world.ts";
import { listTools } from "../support/oauth-client.ts";
import { startWorld } from "../support/oauth-world.ts";
import { round, spread, type Spread } from "./spread.ts";

const WARM_UP = 50;

type Way = { url: string; credential: string; endpoint: EndpointAddress };
/** `share` is what authentication takes of a whole `tools/list`, in per cent of the medians. */
export type Authentication = Record<string, { list: Spread; authenticate: Spread; share: number }>;

/**
 * For each credential in turn a whole `tools/list` over HTTP, then its authentication alone, on the same database by
 * the same code, so that both see the same machine.
 */
export async function measureAuthentication(count: number): Promise<Authentication> {
  await using foreign = await startForeignWorld();
  const ways = await credentialsOf(foreign);
  await using own = await openInbound(foreign);
  const times = new Map(ways.map(([name]) => [name, { list: [] as number[], authenticate: [] as number[] }]));
  for (let turn = 0; turn < WARM_UP + count; turn += 1) {
    for (const [name, way] of ways) {
      const list = await took(async () => {
        const { status, names } = await listTools(way.url, way.credential);
        if (status !== 200 || names.length === 0) throw new Error(`${name}: ${status}, ${names.length} tools`);
      });
      const authenticate = await took(() => own.authenticate(way));
      if (turn < WARM_UP) continue;
      times.get(name)?.list.push(list);
      times.get(name)?.authenticate.push(authenticate);
    }
  }
  return Object.fromEntries(
    [...times].map(([name, taken]) => {
      const [list, authenticate] = [spread(taken.list), spread(taken.authenticate)];
      return [name, { list, authenticate, share: round((authenticate.p50 / list.p50) * 100) }];
    }),
  );
}

async function credentialsOf(foreign: ForeignWorld): Promise<[name: string, way: Way][]> {
  const world = await startWorld(foreign);
  const { slug, endpoint, keyEndpoint } = world.persona;
  const tokens = await world.tokens(await world.client());
  const jwt = foreign.check({ from: "inline", jwks: foreign.issuer.jwks });
  const passthrough = await foreign.deployPassthrough({ headers: [], jwt });
  const token = await foreign.issuer.token({ aud: passthrough.url });
  return [
    ["token of the relay", { url: endpoint, credential: tokens.access_token, endpoint: { kind: "persona", slug } }],
    ["access key", { url: keyEndpoint, credential: world.key, endpoint: { kind: "keys", slug } }],
    [
      "passthrough token",
      { url: passthrough.url, credential: token, endpoint: { kind: "passthrough", slug: passthrough.slug } },
    ],
  ];
}

/** The relay's own way of authenticating, on a second connection to its database. */
async function openInbound({
  relay,
}: ForeignWorld): Promise<{ authenticate: (way: Way) => ReturnType<Inbound["authenticate"]> } & AsyncDisposable> {
  const config = withPort(readConfig({ PUBLIC_URL: relay.url, DATA_DIR: relay.dataFolder }), relay.port);
  const store = await openStore(relay.dataFolder);
  const deps = { config, store, log: createLog("fatal"), now: Date.now };
  const personas = createPublishedPersonas(store);
  const limits = createLimits(deps);
  const inbound = createInbound({
    ...deps,
    personas,
    limits,
    authorization: createAuthorization({ ...deps, personas, onGrantEnded: () => Promise.resolve() }),
    foreignTokens: createForeignTokens(deps),
  });
  return {
    authenticate: ({ credential, endpoint }) => {
      const authorization = `Bearer ${credential}`;
      const query = new URLSearchParams();
      return inbound.authenticate({ authorization, headers: { authorization }, query, address: "127.0.0.1", endpoint });
    },
    async [Symbol.asyncDispose]() {
      await limits.close();
      await store.close();
    },
  };
}

async function took(task: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await task();
  return performance.now() - begun;
}
