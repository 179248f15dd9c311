/** Handshake revisions that the endpoint answers with sessions, newest first. */
export const LEGACY_PROTOCOLS = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;
/** The revision without handshake and sessions. */
export const MODERN_PROTOCOL = "2026-07-28";

/** Legacy sessions end after this long without a request. Milliseconds. */
export const SESSION_IDLE_MS = 30 * 60_000;

/** Bytes; larger bodies are refused with 413. */
export const REQUEST_BYTES = 4 * 1024 * 1024;
