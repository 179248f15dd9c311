import type { ConnectClient } from "@agent-personas/shared/connect/client-catalogue";

type Manual = ReturnType<NonNullable<ConnectClient["manualSetup"]>>;
export type OperatingSystem = keyof Manual["files"];
export const OPERATING_SYSTEMS = ["macos", "linux", "windows"] as const satisfies readonly OperatingSystem[];

/** Which file path to show first, from what the browser says of itself. */
export function operatingSystemOf(platform: string): OperatingSystem {
  if (/mac|iphone|ipad/iu.test(platform)) return "macos";
  return /win/iu.test(platform) ? "windows" : "linux";
}
