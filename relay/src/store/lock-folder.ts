import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StartError } from "../start-error.ts";

/**
 * Takes a data folder for this process; the answer gives it back, and so does the end of the process, however it
 * ends. Two relays on one folder would each serve from memory what the other has changed or revoked.
 * @throws StartError when another relay has it.
 */
export function lockFolder(folder: string): () => void {
  if (folder === ":memory:") return () => undefined;
  const lock = new DatabaseSync(join(folder, "relay.lock"), { timeout: 0 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    const sentence = `Another relay uses the data folder ${folder}. Stop it, or set DATA_DIR to another one.`;
    throw new StartError(sentence, { cause });
  }
  return () => lock.close();
}
