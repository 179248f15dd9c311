import { AppError } from "@agent-personas/shared/errors/app-error";
import type { Outcome } from "@agent-personas/shared/tunnel/messages";
import type { z } from "zod";
import { accountResult, type AccountInfoDeps } from "./account-info.ts";
import { askDevices, type AskDevicesDeps } from "./ask-devices.ts";
import {
  ACCOUNT_INFO,
  accountArguments,
  callArguments,
  FIND_TOOLS,
  findArguments,
  READ_MORE,
  readMoreArguments,
  WAIT_FOR_CALL,
  waitArguments,
} from "./built-in-tools.ts";
import type { Exchange, RequestContext } from "./exchange.ts";
import { foundResult } from "./find-tools.ts";

export type CallBuiltInDeps = AccountInfoDeps & AskDevicesDeps;

/** Problems with arguments that are told at once. */
const PROBLEMS = 5;

type Params = { name: string; [member: string]: unknown };

/**
 * Answers a call of one of the relay's own tools.
 * @throws AppError `invalid_request` | `persona_paused` | `tool_not_in_persona`
 */
export async function callBuiltIn(
  params: Params,
  exchange: Exchange,
  context: Pick<RequestContext, "signal" | "notify">,
  deps: CallBuiltInDeps,
): Promise<Outcome> {
  const { version } = exchange.persona;
  switch (params.name) {
    case ACCOUNT_INFO: {
      const { tool } = read(accountArguments, params);
      return { kind: "result", result: await accountResult(exchange, deps, tool) };
    }
    case FIND_TOOLS:
      return { kind: "result", result: foundResult(read(findArguments, params), exchange) };
    case READ_MORE:
    case WAIT_FOR_CALL: {
      const request = keptRequest(params);
      if (version.status === "paused") throw new AppError("persona_paused");
      return askDevices(request, exchange, context, deps);
    }
    default:
      // One that calls another tool is taken apart before; what is left of those says nothing that can be called.
      throw new AppError("tool_not_in_persona", { detail: { tool: read(callArguments, params).name } });
  }
}

function keptRequest(params: Params) {
  const meta = params["_meta"] === undefined ? {} : { _meta: params["_meta"] };
  return params.name === READ_MORE
    ? ({ method: "persona/read-more", params: { ...read(readMoreArguments, params), ...meta } } as const)
    : ({ method: "persona/wait-for-call", params: { ...read(waitArguments, params), ...meta } } as const);
}

function read<T>(schema: z.ZodType<T>, params: Params): T {
  const parsed = schema.safeParse(params["arguments"] ?? {});
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues
    .slice(0, PROBLEMS)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
    .join("; ");
  throw new AppError("invalid_request", { detail: { problem } });
}
