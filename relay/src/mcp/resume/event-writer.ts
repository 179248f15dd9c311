import type { RelayDeps } from "../../deps.ts";
import { deleteStreamEventsBefore, writeStreamEvents, type StreamEventRow } from "../../store/stream-events.ts";

/** Gathers what clients may ask for after a restart, and writes it when told; no call waits for it. */
export type EventWriter = {
  add: (row: StreamEventRow) => void;
  /** The stream is over; also what was just added of it. */
  drop: (streamHash: string) => void;
  flush: () => Promise<void>;
};

const SWEEP_MS = 60_000;
/** Longest that a row is kept: as long as any stream, twice, for what came with the last one. Milliseconds. */
const KEEP_MS = 20 * 60_000;

export function createEventWriter({ store, now }: Pick<RelayDeps, "store" | "now">): EventWriter {
  let rows: StreamEventRow[] = [];
  let dropped = new Set<string>();
  let sweptAt = 0;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    const [add, drop] = [rows, [...dropped]];
    rows = [];
    dropped = new Set();
    if (add.length > 0 || drop.length > 0) await writeStreamEvents(store.db, { add, drop });
    if (now() - sweptAt < SWEEP_MS) return;
    sweptAt = now();
    await deleteStreamEventsBefore(store.db, now() - KEEP_MS);
  };
  const flush = (): Promise<void> => {
    writing = writing.then(write, write);
    return writing;
  };
  return {
    add: (row) => void rows.push(row),
    drop: (streamHash) => {
      rows = rows.filter((row) => row.streamHash !== streamHash);
      dropped.add(streamHash);
    },
    flush,
  };
}
