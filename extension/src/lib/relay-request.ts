import { apiErrorSchema } from "@agent-personas/shared/api/devices";
import { AppError } from "@agent-personas/shared/errors/app-error";
import { isErrorCode } from "@agent-personas/shared/errors/codes";
import { signDeviceToken } from "@agent-personas/shared/oauth/device-token";
import type { z } from "zod";
import { clockOffsetOf } from "./clock-offset.ts";
import type { Identity, IdentitySource } from "./identity.ts";
import { readText } from "./read-text.ts";

const DEADLINE_MS = 15_000;
/** A full list of personas with the longest signed versions stays far below. */
const ANSWER_BYTES = 64 * 1024 * 1024;

export type RelayRequest<T> = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: `/api/v1/${string}`;
  body?: unknown;
  answer: z.ZodType<T>;
};

export type RelayRequestDeps = { identity: IdentitySource; fetch: typeof fetch; now: () => number };
export type SendRelayRequest = <T>(request: RelayRequest<T>) => Promise<T>;

/** REST as this device: a fresh token per request, signed again once when only the clocks differ. */
export function createRelayRequest(deps: RelayRequestDeps): SendRelayRequest {
  const attempt = async <T>(identity: Identity, request: RelayRequest<T>): Promise<T> => {
    const token = await signDeviceToken(identity, {
      purpose: "rest",
      audience: identity.relayUrl,
      now: deps.now() + identity.clockOffset,
    });
    return sendToRelay(deps.fetch, identity.relayUrl, request, token);
  };
  return async (request) => {
    const identity = await deps.identity.load();
    if (identity === null) throw new AppError("not_paired");
    try {
      return await attempt(identity, request);
    } catch (error) {
      if (!(error instanceof ClockRefusal)) throw error;
      const clockOffset = clockOffsetOf(error.serverTime, deps.now());
      await deps.identity.keepClockOffset(clockOffset);
      return attempt({ ...identity, clockOffset }, request);
    }
  };
}

/**
 * One request to a relay, with no token where none is given (before pairing).
 * @throws AppError with the relay's code, or `relay_unreachable` without a readable answer.
 */
export async function sendToRelay<T>(
  fetcher: typeof fetch,
  relayUrl: string,
  request: RelayRequest<T>,
  token?: string,
): Promise<T> {
  const headers = new Headers({ accept: "application/json" });
  if (request.body !== undefined) headers.set("content-type", "application/json");
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  let status: number;
  let text: string;
  try {
    const response = await fetcher(`${relayUrl}${request.path}`, {
      method: request.method,
      headers,
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(DEADLINE_MS),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
    text = await readText(response, ANSWER_BYTES);
    status = response.status;
  } catch (cause) {
    throw unreachable(relayUrl, cause);
  }
  const body = readJson(text);
  if (status >= 400) throw refusal(relayUrl, body);
  const parsed = request.answer.safeParse(body);
  if (!parsed.success) throw unreachable(relayUrl, parsed.error);
  return parsed.data;
}

class ClockRefusal extends AppError {
  readonly serverTime: number;

  constructor(serverTime: number) {
    super("clock");
    this.serverTime = serverTime;
  }
}

function refusal(relayUrl: string, body: unknown): AppError {
  const parsed = apiErrorSchema.safeParse(body);
  if (!parsed.success) return unreachable(relayUrl, parsed.error);
  const { code, detail, requestId, serverTime } = parsed.data.error;
  if (code === "clock") return new ClockRefusal(serverTime);
  return new AppError(isErrorCode(code) ? code : "internal_error", { detail: { ...detail, requestId } });
}

const unreachable = (relayUrl: string, cause: unknown): AppError =>
  new AppError("relay_unreachable", { detail: { host: new URL(relayUrl).host }, cause });

/** An empty body is null; what is not JSON is undefined, which no schema takes. */
function readJson(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
