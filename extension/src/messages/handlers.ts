import type { z } from "zod";
import type { commandInputs, CommandName, CommandResults } from "./contract.ts";

/** Answers one command; its input has been parsed. Faults are thrown as AppError. */
export type Handler<Name extends CommandName> = (
  input: z.output<(typeof commandInputs)[Name]>,
) => Promise<CommandResults[Name]>;

export type Handlers<Name extends CommandName> = { [Each in Name]: Handler<Each> };

/** The commands of one area, e.g. `personas`. Areas are disjoint, so no command can have two handlers. */
export type CommandsOf<Area extends string> = Extract<CommandName, `${Area}.${string}`>;
