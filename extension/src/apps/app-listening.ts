import type { Notice } from "@agent-personas/shared/tunnel/messages";
import type { AppSessions } from "./app-sessions.ts";
import type { Session } from "./open-session.ts";
import type { Params } from "./tapping-transport.ts";

/** What an app said outside of any request, over which connection. */
export type AppNotice = { connectionId: string; method: Notice["method"]; params: Params };

export type AppListening = {
  /** From now on: connection → addresses of resources to hear of, beside changed lists. All others are left. */
  listen: (wanted: ReadonlyMap<string, readonly string[]>) => void;
};

const MAX_CONNECTIONS = 50;
const TIMEOUT_MS = 30_000;
/** Before the next try at an app that could not be heard or went away: doubled each time, and less by chance. */
const RETRY_MS = { first: 1_000, most: 5 * 60_000 };
/** An app that was heard as long begins with the shortest wait again. */
const STEADY_MS = 60_000;

type Ear = {
  /** Steps of one connection come one after the other. */
  work: Promise<void>;
  /** One waits for its turn, and will see the newest wish. */
  queued: boolean;
  session: Session | null;
  /** What the session was told to listen to. */
  heard: readonly string[] | null;
  /** Since when the session listens. */
  since: number;
  wanted: readonly string[] | null;
  failures: number;
  /** Set while it waits for the next try. */
  retry: ReturnType<typeof setTimeout> | null;
};

/** One standing session for each connection that somebody wants to hear of, whoever and however many they are. */
export function createAppListening(deps: {
  sessions: Pick<AppSessions, "openListening">;
  onNotice: (notice: AppNotice) => void;
  now: () => number;
  random: () => number;
}): AppListening {
  const ears = new Map<string, Ear>();

  const enqueue = (ear: Ear, task: () => Promise<void>): void => {
    ear.work = ear.work.then(task).catch(() => undefined);
  };

  const drop = async (ear: Ear): Promise<void> => {
    const { session } = ear;
    ear.session = null;
    ear.heard = null;
    await session?.close().catch(() => undefined);
  };

  const open = async (connectionId: string, ear: Ear): Promise<Session> => {
    const session = await deps.sessions.openListening(connectionId, (method, params) =>
      deps.onNotice({ connectionId, method, params }),
    );
    ear.session = session;
    ear.since = deps.now();
    void session.ended.then(() =>
      enqueue(ear, async () => {
        if (ear.session === session) await comeBackLater(connectionId, ear);
      }),
    );
    return session;
  };

  const comeBackLater = async (connectionId: string, ear: Ear): Promise<void> => {
    if (ear.session !== null && deps.now() - ear.since >= STEADY_MS) ear.failures = 0;
    await drop(ear);
    if (ear.wanted === null) return;
    const most = Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** Math.min(ear.failures, 20));
    ear.failures += 1;
    const again = (): void => {
      ear.retry = null;
      stepSoon(connectionId, ear);
    };
    ear.retry = setTimeout(again, most * (0.5 + deps.random() / 2));
  };

  const step = async (connectionId: string, ear: Ear): Promise<void> => {
    const { wanted } = ear;
    if (wanted === null) {
      if (ear.retry !== null) clearTimeout(ear.retry);
      ear.retry = null;
      await drop(ear);
      if (ear.wanted === null && ears.get(connectionId) === ear) ears.delete(connectionId);
      return;
    }
    // The next try knows the newest wish; an app in trouble is not asked the sooner for it.
    if (ear.retry !== null || sameSet(ear.heard, wanted)) return;
    try {
      const session = ear.session ?? (await open(connectionId, ear));
      await session.listen(wanted, TIMEOUT_MS);
      ear.heard = wanted;
    } catch {
      await comeBackLater(connectionId, ear);
    }
  };

  /** However often the wish changes while a step is under way, one more follows it. */
  const stepSoon = (connectionId: string, ear: Ear): void => {
    if (ear.queued) return;
    ear.queued = true;
    enqueue(ear, () => {
      ear.queued = false;
      return step(connectionId, ear);
    });
  };

  const change = (connectionId: string, ear: Ear, wanted: readonly string[] | null): void => {
    ear.wanted = wanted;
    stepSoon(connectionId, ear);
  };

  return {
    listen: (wanted) => {
      for (const [connectionId, ear] of ears) if (!wanted.has(connectionId)) change(connectionId, ear, null);
      for (const [connectionId, resources] of [...wanted].slice(0, MAX_CONNECTIONS)) {
        const ear = ears.get(connectionId) ?? newEar();
        ears.set(connectionId, ear);
        change(connectionId, ear, resources);
      }
    },
  };
}

const newEar = (): Ear => ({
  work: Promise.resolve(),
  queued: false,
  session: null,
  heard: null,
  since: 0,
  wanted: null,
  failures: 0,
  retry: null,
});

const sameSet = (one: readonly string[] | null, other: readonly string[]): boolean =>
  one?.length === other.length && other.every((each) => one.includes(each));
