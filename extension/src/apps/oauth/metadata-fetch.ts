import { AppError } from "@agent-personas/shared/errors/app-error";
import { checkDiscoveredUrl } from "../app-url.ts";
import type { OriginRules } from "../origin-rules.ts";

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

const MAX_BYTES = 256 * 1024;
const TIMEOUT_MS = 15_000;

export type MetadataFetchDeps = {
  fetch: Fetch;
  appUrl: string;
  /** True when the browser may reach the URL's origin; null asks nobody (probing before consent). */
  mayReach: ((url: URL) => Promise<boolean>) | null;
  originRules: OriginRules;
};

/**
 * The fetch for everything OAuth: only to addresses this app may name, no cookies, no redirects (a redirected
 * token request would hand the code or secret to somebody else), short bodies, a deadline.
 */
export function createMetadataFetch(deps: MetadataFetchDeps): Fetch {
  return async (input, init = {}) => {
    const url = checkDiscoveredUrl(deps.appUrl, String(input));
    if (deps.mayReach !== null && !(await deps.mayReach(url))) {
      throw new AppError("connect_permission", { detail: { origins: url.origin } });
    }
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const send = async (): Promise<Response> => {
      const response = await deps.fetch(url, {
        ...init,
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
        cache: "no-store",
        signal: init.signal ? AbortSignal.any([timeout, init.signal]) : timeout,
      });
      return withShortBody(response);
    };
    try {
      const response = await send();
      // Some servers take a request with a foreign Origin for one of a web page; nothing is spent by such a refusal.
      const retry =
        init.method === "POST" && (await mayMindOrigin(response)) && (await deps.originRules.strip(url.href));
      return retry ? await send() : response;
    } catch (cause) {
      // While probing, the SDK tries again without headers where the first try may have been a CORS refusal.
      if (deps.mayReach === null || cause instanceof AppError) throw cause;
      const reason = `no answer from ${url.host}`;
      throw new AppError("connect_unreachable", { detail: { app: new URL(deps.appUrl).host, reason }, cause });
    }
  };
}

async function mayMindOrigin(response: Response): Promise<boolean> {
  if (response.status === 403) return true;
  return response.status === 400 && (await response.clone().text()).includes("invalid_request");
}

async function withShortBody(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const empty = status === 204 || status === 205 || status === 304;
  if (response.body === null || empty) return new Response(null, { status, statusText, headers });
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > MAX_BYTES) {
      await reader.cancel();
      throw new AppError("connect_failed", { detail: { reason: "it answered with more than 256 KiB" } });
    }
    chunks.push(value);
  }
  const clean = new Headers(headers);
  // The body is decoded already.
  clean.delete("content-encoding");
  clean.delete("content-length");
  return new Response(new Blob(chunks), { status, statusText, headers: clean });
}
