const OPEN = /^\/(?:\.well-known\/|(?:token|register|revoke|jwks)$)/u;

/**
 * Addresses that a page of any origin may use: AI clients that run in a browser find their way and fetch their tokens
 * there. No cookie is read at any of them.
 */
export const isOpenPath = (url: string): boolean => OPEN.test(url.split("?", 1)[0] ?? "");
