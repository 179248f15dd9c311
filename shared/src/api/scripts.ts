import { z } from "zod";
import { toolDefinitionSchema } from "../persona/tool-definition.ts";
import { WAIT_SECONDS } from "../tunnel/device-methods.ts";

/**
 * REST for scripts, by access key or access token in the Authorization header, with the limits and faults of the MCP
 * endpoint. `GET /api/v1/personas/<slug>/tools`: what the caller may call. `GET …/account`: what
 * `persona_account_info` answers.
 */
export const scriptToolsSchema = z.strictObject({ tools: z.array(toolDefinitionSchema) });

/** `POST /api/v1/personas/<slug>/tools/<name>`: executes a tool. */
export const scriptCallSchema = z
  .strictObject({ arguments: z.record(z.string(), z.unknown()).default({}) })
  .nullish()
  .transform((body) => body ?? { arguments: {} });

/** 200: the tool's result as MCP has it, also when the tool itself failed (`isError`). */
export const scriptResultSchema = z.looseObject({});

/** 202: it still runs; `GET /api/v1/personas/<slug>/calls/<handle>` (the `Location`) answers its result. */
export const scriptRunningSchema = z.looseObject({ handle: z.string() });

/** How long `GET …/calls/<handle>` waits for the result. Seconds. */
export const scriptWaitSchema = z.strictObject({ wait: z.coerce.number().min(0).max(WAIT_SECONDS).default(0) });
