import { StartError } from "@agent-personas/relay/start-error";

/** Waits for `work` until it settles, the deadline passes or everything is being stopped. */
export async function within<T>(
  work: Promise<T>,
  limit: { ms: number; otherwise: string; signal: AbortSignal },
): Promise<T> {
  const deadline = AbortSignal.timeout(limit.ms);
  const either = AbortSignal.any([deadline, limit.signal]);
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(deadline.aborted ? new StartError(limit.otherwise) : limit.signal.reason);
  if (either.aborted) onAbort();
  else either.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    either.removeEventListener("abort", onAbort);
  }
}
