import { AppError, isAppError } from "@agent-personas/shared/errors/app-error";
import { z } from "zod";
import { commandInputs, type CommandName, type CommandReply } from "../messages/contract.ts";
import type { Handlers } from "../messages/handlers.ts";

export type Sender = { id?: string | undefined; url?: string | undefined; origin?: string | undefined };
export type CommandRouter = (message: unknown, sender: Sender) => Promise<CommandReply>;

const messageSchema = z.strictObject({
  command: z.custom<CommandName>((name) => typeof name === "string" && Object.hasOwn(commandInputs, name)),
  input: z.unknown(),
});

/** Answers commands of this extension's own pages and of nobody else; faults go back as codes of the catalogue. */
export function createCommandRouter(deps: {
  handlers: Handlers<CommandName>;
  /** The extension's id and the address its pages begin with. */
  own: { id: string; baseUrl: string };
}): CommandRouter {
  return async (message, sender) => {
    if (!isOwnPage(sender, deps.own)) return refusal("forbidden");
    const parsed = messageSchema.safeParse(message);
    if (!parsed.success) return refusal("invalid_request", { problem: "there is no such command" });
    const { command, input } = parsed.data;
    try {
      return { ok: true, value: await run(deps.handlers, command, input) };
    } catch (error) {
      // What is not of the catalogue may name anything, so it stays here.
      return isAppError(error) ? refusal(error.code, { ...error.detail }) : refusal("internal_error");
    }
  };
}

async function run(handlers: Handlers<CommandName>, command: CommandName, input: unknown): Promise<unknown> {
  const parsed = commandInputs[command].safeParse(input);
  if (!parsed.success) {
    const problem = parsed.error.issues[0]?.message ?? "the input does not fit";
    throw new AppError("invalid_request", { detail: { problem } });
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Schema and handler have one name, which a lookup cannot say.
  const handler = handlers[command] as (input: unknown) => Promise<unknown>;
  return handler(parsed.data);
}

/** A content script shares our id, but its address is the page it runs in. */
function isOwnPage(sender: Sender, own: { id: string; baseUrl: string }): boolean {
  const origin = own.baseUrl.replace(/\/$/u, "");
  if (sender.id !== own.id || sender.url?.startsWith(`${origin}/`) !== true) return false;
  return sender.origin === undefined || sender.origin === origin;
}

const refusal = (
  code: Extract<CommandReply, { ok: false }>["error"]["code"],
  detail: Record<string, string> = {},
): CommandReply => ({ ok: false, error: { code, detail } });
