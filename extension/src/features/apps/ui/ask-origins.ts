import { AppError } from "@agent-personas/shared/errors/app-error";
import { permissions } from "../../../platform/browser.ts";
import { originPattern } from "../../../platform/origin-pattern.ts";

/**
 * Asks the browser for access to origins. Call it inside a click before anything is awaited.
 * Answers null when it was allowed, else the fault to show.
 */
export async function askOrigins(origins: readonly string[]): Promise<AppError | null> {
  try {
    if (await permissions.request([...new Set(origins.map(originPattern))])) return null;
    return new AppError("connect_permission", { detail: { origins: origins.join(", ") } });
  } catch (cause) {
    return new AppError("connect_permission", { detail: { origins: origins.join(", ") }, cause });
  }
}
