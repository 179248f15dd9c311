/** Why the relay could not start, in one sentence for the person who started it. */
export class StartError extends Error {
  override readonly name = "StartError";
}
