import type { RelayDeps } from "../deps.ts";

/** Tells a person's devices what is newest; nobody waits for their answers. */
export function announceVersions(deps: Pick<RelayDeps, "tunnel" | "log">, userId: string): void {
  deps.tunnel
    .sync(userId)
    .catch((error: unknown) => deps.log.warn({ err: error }, "devices were not told of new versions"));
}
