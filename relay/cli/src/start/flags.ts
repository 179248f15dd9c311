import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { personaNameSchema } from "@agent-personas/shared/persona/persona-version";
import { z } from "zod";
import { StartError } from "@agent-personas/relay/start-error";

export const USAGE =
  "npm start -- [--headless] [--json] [--port <number>] [--data <folder>] [--app <url>] [--name <name>] [--no-prefix]";

const flagsSchema = z.strictObject({
  headless: z.boolean().default(false),
  json: z.boolean().default(false),
  port: z
    .string()
    .regex(/^\d{1,5}$/u, "takes a number from 1 to 65535")
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, "takes a number from 1 to 65535")
    .optional(),
  data: z.string().min(1, "takes a folder").optional(),
  app: z.url({ protocol: /^https?$/u, error: "takes the http(s) address of an MCP server" }).optional(),
  name: personaNameSchema.optional(),
  "no-prefix": z.boolean().default(false),
});

export type Flags = {
  headless: boolean;
  json: boolean;
  port: number | null;
  dataFolder: string;
  appUrl: string | null;
  personaName: string | null;
  prefixing: boolean;
};

/** Reads the flags of `npm start`; a leading `--` that a package manager left over does not count. */
export function readFlags(args: readonly string[], folders: { caller: string; workspace: string }): Flags {
  const flags = parse(args[0] === "--" ? args.slice(1) : [...args]);
  return {
    headless: flags.headless,
    json: flags.json,
    port: flags.port ?? null,
    dataFolder: flags.data === undefined ? resolve(folders.workspace, ".data") : resolve(folders.caller, flags.data),
    appUrl: flags.app ?? null,
    personaName: flags.name ?? null,
    prefixing: !flags["no-prefix"],
  };
}

function parse(args: string[]): z.infer<typeof flagsSchema> {
  let values: Record<string, unknown>;
  try {
    values = parseArgs({
      args,
      strict: true,
      allowPositionals: false,
      options: {
        headless: { type: "boolean" },
        json: { type: "boolean" },
        port: { type: "string" },
        data: { type: "string" },
        app: { type: "string" },
        name: { type: "string" },
        "no-prefix": { type: "boolean" },
      },
    }).values;
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new StartError(`${problem}. Usage: ${USAGE}`, { cause: error });
  }
  const parsed = flagsSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new StartError(`--${String(issue?.path[0])} ${issue?.message ?? "is not valid"}. Usage: ${USAGE}`);
}
