import { AppError } from "@agent-personas/shared/errors/app-error";
import { isLoopbackHost, type Config } from "../config.ts";

const HOST = /^[\w.\-:[\]]+$/u;

/** Names a relay answers to: its public address, and on loopback every spelling of it. Stops DNS rebinding. */
export function isOwnHost(host: string | undefined, config: Pick<Config, "publicUrl">): boolean {
  if (host === undefined || !HOST.test(host) || !URL.canParse(`http://${host}`)) return false;
  const own = new URL(config.publicUrl);
  // Parsed with the relay's own scheme, so that its default port may be left out or spelled out.
  const asked = new URL(`${own.protocol}//${host}`);
  if (asked.host === own.host) return true;
  return isLoopbackHost(own.hostname) && isLoopbackHost(asked.hostname) && asked.port === own.port;
}

/** @throws AppError `host_forbidden` */
export function checkHost(host: string | undefined, config: Pick<Config, "publicUrl">): void {
  if (!isOwnHost(host, config)) throw new AppError("host_forbidden", { detail: host === undefined ? {} : { host } });
}
