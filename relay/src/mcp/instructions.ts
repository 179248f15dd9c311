import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { ACCOUNT_INFO, CALL_TOOL, FIND_TOOLS, READ_MORE, WAIT_FOR_CALL } from "./built-in-tools.ts";

/** What a client tells its model about a persona. Some read the first 512 characters only. */
export function instructionsOf({ name, description, search }: PersonaVersion): string {
  return [
    `Tools of the persona “${name}”.`,
    ...(search === undefined
      ? []
      : [`Most are not listed: find them with ${FIND_TOOLS}, call them with ${CALL_TOOL}.`]),
    "Each call is executed by its owner's browser, which must be open.",
    `A call or result that is answered with a handle goes on with ${WAIT_FOR_CALL} or ${READ_MORE}.`,
    `${ACCOUNT_INFO} tells limits and why a tool is missing; the resource persona://guide tells the rest.`,
    description,
  ]
    .filter((part) => part !== "")
    .join(" ");
}
