import { useLive, type Live } from "../../../ui/use-live.ts";

export type SetupProgress = { paired: boolean; connected: boolean; persona: boolean };

/** What is done of the three first steps, derived from what exists. */
export function useSetupProgress(): Live<SetupProgress> {
  return useLive(async (database) => {
    const [relay, connections, personas] = await Promise.all([
      database.relay.count(),
      database.connections.toArray(),
      database.personas.count(),
    ]);
    return {
      paired: relay > 0,
      connected: connections.some((connection) => connection.status === "connected"),
      persona: personas > 0,
    };
  });
}

export const stepsDone = (progress: SetupProgress): number =>
  [progress.paired, progress.connected, progress.persona].filter(Boolean).length;

export const SETUP_STEPS = 3;
