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
/** After a failure; the app may be back by then. */
const RETRY_MS = 60_000;

type Ear = {
  /** Steps of one connection come one after the other. */
  work: Promise<void>;
  session: Session | null;
  wanted: readonly string[] | null;
  retry: ReturnType<typeof setTimeout> | undefined;
};

/** One standing session for each connection that somebody wants to hear of, whoever and however many they are. */
export function createAppListening(deps: {
  sessions: Pick<AppSessions, "openListening">;
  onNotice: (notice: AppNotice) => void;
}): AppListening {
  const ears = new Map<string, Ear>();

  const step = async (connectionId: string, ear: Ear): Promise<void> => {
    const { wanted } = ear;
    if (wanted === null) {
      await ear.session?.close().catch(() => undefined);
      ear.session = null;
      if (ear.wanted === null && ears.get(connectionId) === ear) ears.delete(connectionId);
      return;
    }
    try {
      ear.session ??= await deps.sessions.openListening(connectionId, (method, params) =>
        deps.onNotice({ connectionId, method, params }),
      );
      await ear.session.listen(wanted, AbortSignal.timeout(TIMEOUT_MS));
    } catch {
      await ear.session?.close().catch(() => undefined);
      ear.session = null;
      ear.retry = setTimeout(() => change(connectionId, ear, ear.wanted), RETRY_MS);
    }
  };

  const change = (connectionId: string, ear: Ear, wanted: readonly string[] | null): void => {
    clearTimeout(ear.retry);
    ear.wanted = wanted;
    ear.work = ear.work.then(() => step(connectionId, ear)).catch(() => undefined);
  };

  return {
    listen: (wanted) => {
      for (const [connectionId, ear] of ears) if (!wanted.has(connectionId)) change(connectionId, ear, null);
      for (const [connectionId, resources] of [...wanted].slice(0, MAX_CONNECTIONS)) {
        const ear = ears.get(connectionId) ?? {
          work: Promise.resolve(),
          session: null,
          wanted: null,
          retry: undefined,
        };
        ears.set(connectionId, ear);
        if (ear.session !== null && sameSet(ear.wanted, resources)) continue;
        change(connectionId, ear, resources);
      }
    },
  };
}

const sameSet = (one: readonly string[] | null, other: readonly string[]): boolean =>
  one?.length === other.length && other.every((each) => one.includes(each));
