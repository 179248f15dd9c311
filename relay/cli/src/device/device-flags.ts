import { hostname } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { StartError } from "@agent-personas/relay/start-error";
import { z } from "zod";

export const DEVICE_USAGE =
  "agent-personas device [--pair <link>] [--name <name>] [--data <folder>] [--app <url>]… [--window]";

export type PairingLink = { relayUrl: string; code: string };

export type DeviceFlags = {
  /** Needed once; null for a device that is paired. */
  pairing: PairingLink | null;
  name: string;
  dataFolder: string;
  /** Servers that ask for no sign-in, which this device connects and serves by itself. */
  appUrls: readonly string[];
  /** Shows the browser, for what needs a person: signing in to apps. */
  window: boolean;
};

const OPTIONS = {
  pair: { type: "string" },
  name: { type: "string" },
  data: { type: "string" },
  app: { type: "string", multiple: true },
  window: { type: "boolean" },
} as const;

const valuesSchema = z.strictObject({
  pair: z.string().transform(readLink).optional(),
  name: z.string().trim().min(1, "takes a name").max(80, "takes a name of at most 80 characters").optional(),
  data: z.string().min(1, "takes a folder").optional(),
  app: z.array(z.url({ protocol: /^https?$/u, error: "takes the http(s) address of an MCP server" })).default([]),
  window: z.boolean().default(false),
});

/** The link may come in `PAIRING_LINK`, where no list of processes shows it. @throws StartError */
export function readDeviceFlags(
  args: readonly string[],
  { env, folder }: { env: NodeJS.ProcessEnv; folder: string },
): DeviceFlags {
  const given = { ...(env["PAIRING_LINK"] && { pair: env["PAIRING_LINK"] }), ...parse(args) };
  const parsed = valuesSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new StartError(`--${String(issue?.path[0])} ${issue?.message ?? "is not valid"}. Usage: ${DEVICE_USAGE}`);
  }
  const { pair, name, data, app, window } = parsed.data;
  return {
    pairing: pair ?? null,
    name: name ?? `Always on (${hostname()})`.slice(0, 60),
    dataFolder: resolve(folder, data ?? ".device"),
    appUrls: app,
    window,
  };
}

function parse(args: readonly string[]): Record<string, unknown> {
  try {
    return { ...parseArgs({ args: [...args], strict: true, allowPositionals: false, options: OPTIONS }).values };
  } catch (error) {
    const problem = error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
    throw new StartError(`${problem}. Usage: ${DEVICE_USAGE}`, { cause: error });
  }
}

/** `<relay>/pair#<code>`, as a relay prints it or a paired browser shows it. */
function readLink(text: string, context: z.RefinementCtx): PairingLink {
  const url = URL.canParse(text) ? new URL(text) : null;
  const code = url?.hash.slice(1) ?? "";
  if (url === null || !/^https?:$/u.test(url.protocol) || url.pathname !== "/pair" || code === "") {
    context.addIssue({ code: "custom", message: "takes a pairing link such as https://relay.example.com/pair#code" });
    return z.NEVER;
  }
  return { relayUrl: url.origin, code: decodeURIComponent(code) };
}
