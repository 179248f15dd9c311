import { AppError } from "@agent-personas/shared/errors/app-error";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The origin of a relay as people paste it.
 * @throws AppError `relay_insecure` for anything but https, or http on this computer.
 */
export function relayOrigin(text: string): string {
  const url = URL.parse(text);
  if (url === null) throw new AppError("invalid_request", { detail: { problem: "this is not an address" } });
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocalHost(url.hostname)))
    throw new AppError("relay_insecure");
  return url.origin;
}

/** Whether only this computer reaches the host. */
export const isLocalHost = (hostname: string): boolean => LOOPBACK.has(hostname) || hostname.endsWith(".localhost");
