import { AppError } from "@agent-personas/shared/errors/app-error";
import { isErrorCode } from "@agent-personas/shared/errors/codes";
import * as z from "zod/mini";
import { runtime } from "../platform/browser.ts";
import type { CommandInput, CommandMessage, CommandName, CommandResults } from "./contract.ts";

const replySchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.custom(isErrorCode), detail: z.record(z.string(), z.string()) }),
  }),
]);

/**
 * Sends a command to the background and waits for its answer.
 * @throws AppError with the code the background answered.
 */
export async function callBackground<Name extends CommandName>(
  command: Name,
  input: CommandInput<Name>,
): Promise<CommandResults[Name]> {
  const message: CommandMessage = { command, input };
  const reply = replySchema.parse(await runtime.sendMessage(message));
  if (!reply.ok) {
    const { code, detail } = reply.error;
    throw new AppError(isErrorCode(code) ? code : "internal_error", { detail });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Both ends are this extension at one version.
  return reply.value as CommandResults[Name];
}
