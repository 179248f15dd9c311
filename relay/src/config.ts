import type { Budget } from "@agent-personas/shared/api/limits";
import { DEVICE_DEADLINE_MS, RELAY_DEADLINE_MS } from "@agent-personas/shared/tunnel/messages";
import { z } from "zod";
import { readRedirectUri } from "./oauth/redirect-uri.ts";
import { readTracing, tracingEnvironment, type TracingSettings } from "./observe/tracing-settings.ts";

/** A setting that cannot be used; the message names the variable and is meant for people. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const milliseconds = (fallback: number) => z.coerce.number().int().min(1).max(3_600_000).default(fallback);

const monthlyCap = () => z.coerce.number().int().min(0).max(100_000_000).optional();

const oauthClientSchema = z
  .strictObject({
    client_id: z.string().regex(/^[\u0021-\u007E]{1,200}$/u),
    client_name: z.string().min(1).max(80),
    client_secret: z.string().min(32).max(500).optional(),
    redirect_uris: z
      .array(z.string().refine((uri) => readRedirectUri(uri) !== null, "is not an address that codes may be sent to"))
      .min(1)
      .max(10),
  })
  .transform(({ client_secret, ...client }) => ({
    ...client,
    ...(client_secret === undefined
      ? { token_endpoint_auth_method: "none" as const }
      : { client_secret, token_endpoint_auth_method: "client_secret_basic" as const }),
  }));
export type OAuthClient = z.output<typeof oauthClientSchema>;

const environmentSchema = z.object({
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8_787),
  PUBLIC_URL: z.url({ protocol: /^https?$/u }).optional(),
  DATA_DIR: z.string().min(1).default("./.data"),
  TRUST_PROXY: z.string().default("false").transform(readTrustProxy),
  ALLOWED_ORIGINS: z
    .string()
    .default("")
    .transform(splitList)
    .pipe(z.array(z.string().refine(isOrigin, { error: notAnOrigin }))),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  OWNER_WAIT_MS: milliseconds(10_000),
  DEVICE_DEADLINE_MS: milliseconds(DEVICE_DEADLINE_MS),
  RELAY_DEADLINE_MS: milliseconds(RELAY_DEADLINE_MS),
  SESSION_LIMIT: z.coerce.number().int().min(1).max(1_000_000).default(20_000),
  RATE_LIMIT: z.coerce.number().int().min(1).max(100_000).default(60),
  MONTHLY_CALLS: monthlyCap(),
  MONTHLY_CENTS: monthlyCap(),
  SUPPORT_CONTACT: z.string().min(1).max(200).optional(),
  DEVICE_FLOW: z.enum(["on", "off"]).default("off"),
  OAUTH_CLIENTS: z.string().default("[]").transform(readOAuthClients),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\u0021-\u007E]{20,500}$/u, "must have 20 to 500 characters without spaces")
    .optional(),
  ...tracingEnvironment,
});

/** The relay's settings. `publicUrl` is null only when `port` is 0: then it is known once the relay listens. */
export type Settings = Readonly<{
  host: string;
  port: number;
  publicUrl: string | null;
  dataDir: string;
  trustProxy: boolean | string[];
  allowedOrigins: readonly string[];
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  /** Milliseconds, like the deadlines. */
  ownerWaitMs: number;
  deviceDeadlineMs: number;
  relayDeadlineMs: number;
  /** Stored MCP sessions at most, over all callers. */
  sessionLimit: number;
  /** Calls and reads a minute, of a person over all keys and sign-ins. */
  rateLimit: number;
  /** What each person may use in a month at most; null is unlimited. */
  monthlyCap: Readonly<Budget>;
  supportContact: string | null;
  /** Clients without a browser may sign in by a code that a person types elsewhere (RFC 8628). */
  deviceFlow: boolean;
  /** AI clients known in advance, for those that neither register nor have a metadata document. */
  oauthClients: readonly OAuthClient[];
  /** What reads metrics shows it; null when nobody can. */
  metricsToken: string | null;
  /** Where spans go; null for nowhere. */
  tracing: TracingSettings | null;
}>;

/** Settings of a listening relay. `publicUrl` has no trailing slash and is the only address it believes in. */
export type Config = Settings & Readonly<{ publicUrl: string }>;

/**
 * Reads the settings from an environment; nothing else of the relay does.
 * @throws ConfigError naming the variable.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path[0]?.toString() ?? "?"}: ${issue.message}`);
    throw new ConfigError(`The relay's settings are not valid. ${problems.join("; ")}`);
  }
  const values = parsed.data;
  if (values.RELAY_DEADLINE_MS <= values.DEVICE_DEADLINE_MS) {
    throw new ConfigError(
      "RELAY_DEADLINE_MS: must be longer than DEVICE_DEADLINE_MS, so that the device answers first.",
    );
  }
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    publicUrl: readPublicUrl(values),
    dataDir: values.DATA_DIR,
    trustProxy: values.TRUST_PROXY,
    allowedOrigins: Object.freeze(values.ALLOWED_ORIGINS),
    logLevel: values.LOG_LEVEL,
    ownerWaitMs: values.OWNER_WAIT_MS,
    deviceDeadlineMs: values.DEVICE_DEADLINE_MS,
    relayDeadlineMs: values.RELAY_DEADLINE_MS,
    sessionLimit: values.SESSION_LIMIT,
    rateLimit: values.RATE_LIMIT,
    monthlyCap: Object.freeze({ calls: values.MONTHLY_CALLS ?? null, cents: values.MONTHLY_CENTS ?? null }),
    supportContact: values.SUPPORT_CONTACT ?? null,
    deviceFlow: values.DEVICE_FLOW === "on",
    oauthClients: Object.freeze(values.OAUTH_CLIENTS),
    metricsToken: values.METRICS_TOKEN ?? null,
    tracing: readTracing(values),
  });
}

/** The settings once the port is known. */
export function withPort(settings: Settings, port: number): Config {
  return Object.freeze({ ...settings, port, publicUrl: settings.publicUrl ?? `http://localhost:${port}` });
}

export const isLoopbackHost = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || hostname === "::1" || /^127(?:\.\d{1,3}){3}$/u.test(hostname);

function readPublicUrl({ HOST, PORT, PUBLIC_URL }: z.output<typeof environmentSchema>): string | null {
  if (PUBLIC_URL === undefined) {
    if (!isLoopbackHost(HOST)) {
      throw new ConfigError("PUBLIC_URL: is needed when HOST is not a loopback address; set it to the https address.");
    }
    return PORT === 0 ? null : `http://localhost:${PORT}`;
  }
  const url = new URL(PUBLIC_URL);
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "") {
    throw new ConfigError("PUBLIC_URL: must be an origin without path, such as https://relay.example.com.");
  }
  if (url.protocol !== "https:" && !isLoopbackHost(url.hostname)) {
    throw new ConfigError("PUBLIC_URL: must use https unless it is a loopback address.");
  }
  return url.origin;
}

function readOAuthClients(text: string, context: z.RefinementCtx): OAuthClient[] {
  try {
    return z.array(oauthClientSchema).max(100).parse(JSON.parse(text));
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined;
    const where = issue === undefined ? "" : ` (${issue.path.join(".")}: ${issue.message})`;
    context.addIssue({ code: "custom", message: `must be a JSON list of clients${where}` });
    return z.NEVER;
  }
}

function readTrustProxy(text: string): boolean | string[] {
  return text === "true" || text === "false" ? text === "true" : splitList(text);
}

function splitList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function notAnOrigin({ input }: { input?: unknown }): string {
  return `${String(input)} is not an origin such as https://app.example.com`;
}
