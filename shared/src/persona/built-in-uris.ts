/** Addresses of the relay's own resources of a persona; no app's resource is shown under one of them. */
export const GUIDE_URI = "persona://guide";
export const STATUS_URI = "persona://status";
export const BUILT_IN_URIS: ReadonlySet<string> = new Set([GUIDE_URI, STATUS_URI]);
