import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Fetch } from "./oauth/metadata-fetch.ts";
import type { StandingStream } from "./standing-stream.ts";

/** What authenticates requests to an app. */
export type Credential =
  | { kind: "none" }
  | { kind: "headers"; headers: Record<string, string> }
  | { kind: "oauth"; current(): Promise<string>; afterRejection(rejected: string): Promise<string> };

export type AppFetchDeps = {
  fetch: Fetch;
  appUrl: string;
  credential: Credential;
  /** Lets the session keep a stream open on which the app says what changes; others hear of it beside their answers. */
  listens?: boolean;
  /** Keeps such a stream during calls only. */
  standing?: StandingStream | undefined;
};

/** Beyond this an answer is broken off while it arrives, so that an app cannot fill the browser's memory. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
export const OVERSIZE = "The app's answer exceeds the cap of 16 MiB";

/**
 * The fetch of an app's sessions: to the app's own origin and nowhere else, with its credential, without cookies.
 * Redirects are refused: headers of a person's choice would be repeated to whatever host they lead to.
 */
export function createAppFetch({ fetch, appUrl, credential, listens, standing }: AppFetchDeps): Fetch {
  const { origin } = new URL(appUrl);
  const send = async (url: URL, init: RequestInit, headers: Headers): Promise<Response> => {
    const response = await fetch(url, {
      ...init,
      headers,
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
    return withCap(response);
  };

  const authorised = async (url: URL, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    if (credential.kind === "none") return send(url, init, headers);
    if (credential.kind === "headers") {
      for (const [name, value] of Object.entries(credential.headers)) headers.set(name, value);
      return send(url, init, headers);
    }
    const token = await credential.current();
    headers.set("authorization", `Bearer ${token}`);
    const response = await send(url, init, headers);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    // Refused, so certainly not executed: once more with a token that the app has not seen.
    headers.set("authorization", `Bearer ${await credential.afterRejection(token)}`);
    return send(url, init, headers);
  };

  return async (input, init = {}) => {
    const url = new URL(input);
    if (url.origin !== origin) throw new AppError("internal_error");
    const resumes = new Headers(init.headers).has("last-event-id");
    if (init.method === "GET" && listens !== true && !resumes) {
      if (standing !== undefined) {
        return standing.answer((signal) => authorised(url, { ...init, signal }), init.signal ?? null);
      }
      // A browser keeps six HTTP/1.1 connections to a host; idle streams of a few sessions would use them all up.
      return new Response(null, { status: 405 });
    }
    return authorised(url, init);
  };
}

function withCap(response: Response): Response {
  const { body, status, statusText, headers } = response;
  if (body === null) return response;
  let size = 0;
  const counter = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > MAX_ANSWER_BYTES) controller.error(new Error(OVERSIZE));
      else controller.enqueue(chunk);
    },
  });
  return new Response(body.pipeThrough(counter), { status, statusText, headers });
}
