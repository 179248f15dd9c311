import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Config } from "../config.ts";
import { isOwnHost } from "./check-host.ts";

const EXTENSION = /^(?:chrome-extension|moz-extension):\/\/[\w-]+$/u;

/** Absent (no browser page), the relay's own, an extension's, or one the administrator listed. `null` never is. */
export function isAllowedOrigin(
  origin: string | undefined,
  config: Pick<Config, "publicUrl" | "allowedOrigins">,
): boolean {
  if (origin === undefined) return true;
  if (EXTENSION.test(origin) || config.allowedOrigins.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.origin === origin && url.protocol === new URL(config.publicUrl).protocol && isOwnHost(url.host, config);
}

/** @throws AppError `origin_forbidden` */
export function checkOrigin(origin: string | undefined, config: Pick<Config, "publicUrl" | "allowedOrigins">): void {
  if (!isAllowedOrigin(origin, config)) {
    throw new AppError("origin_forbidden", { detail: origin === undefined ? {} : { origin: origin.slice(0, 200) } });
  }
}
