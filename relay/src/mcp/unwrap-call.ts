import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { z } from "zod";
import { CALL_TOOL, callArguments } from "./built-in-tools.ts";

const wrappedSchema = z.looseObject({ name: z.literal(CALL_TOOL), arguments: callArguments });

/**
 * The call that is meant by one of `persona_call_tool`, of a persona that has that tool; any other call as it is.
 * Everything that decides over a call looks at what this answers.
 */
export function unwrapCall<T extends { name: string }>(params: T, { search }: Pick<PersonaVersion, "search">): T {
  const wrapped = search === undefined ? null : wrappedSchema.safeParse(params);
  return wrapped?.success === true ? { ...params, ...wrapped.data.arguments } : params;
}
