import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";

/** Every secret that a server gave out or accepted, by kind. */
export type SecretWatch = {
  secrets: ReadonlyMap<string, ReadonlySet<string>>;
  add: (kind: string, secret: string) => void;
  stop: () => void;
};

/** Members of JSON answers and parameters of redirects that carry one. */
const MEMBERS = new Set([
  "access_token",
  "refresh_token",
  "id_token",
  "client_secret",
  "registration_access_token",
  "device_code",
  "user_code",
  "code",
  "secret",
]);
/** Shorter ones could be found by chance; a fault's code is no secret. */
const SHORTEST = 8;
const FAULT = /^[a-z_]+$/u;
const MAX_BODY = 256 * 1024;

const startedSchema = z.object({
  request: z.custom<IncomingMessage>((value) => typeof value === "object"),
  response: z.custom<ServerResponse>((value) => typeof value === "object"),
});

/** Watches the server of this process that listens on a port, whoever asks it. */
export function watchSecrets(port: number): SecretWatch {
  const secrets = new Map<string, Set<string>>();
  const add = (kind: string, secret: string): void => {
    if (secret.length < SHORTEST || FAULT.test(secret)) return;
    secrets.set(kind, (secrets.get(kind) ?? new Set()).add(secret));
  };
  const onRequest = (message: unknown): void => {
    const { request, response } = startedSchema.parse(message);
    if (request.socket.localPort === port) readAnswer(request, response, add);
  };
  subscribe("http.server.request.start", onRequest);
  return { secrets, add, stop: () => void unsubscribe("http.server.request.start", onRequest) };
}

function readAnswer(request: IncomingMessage, response: ServerResponse, add: SecretWatch["add"]): void {
  let body = "";
  const keep = (chunk: unknown): void => {
    if (body.length > MAX_BODY) return;
    if (typeof chunk === "string") body += chunk;
    else if (chunk instanceof Uint8Array) body += Buffer.from(chunk).toString("utf8");
  };
  for (const name of ["write", "end"] as const) {
    const original = response[name];
    Object.assign(response, {
      [name]: (...parts: unknown[]): unknown => {
        keep(parts[0]);
        return Reflect.apply(original, response, parts);
      },
    });
  }
  response.once("finish", () => {
    const bearer = /^bearer (.+)$/iu.exec(request.headers.authorization ?? "")?.[1];
    if (bearer !== undefined && response.statusCode < 400) add("bearer", bearer);
    for (const cookie of [response.getHeader("set-cookie") ?? []].flat()) {
      add("cookie", /=([^;]*)/u.exec(String(cookie))?.[1] ?? "");
    }
    addParameters(String(response.getHeader("location") ?? ""), add);
    addMembers(parseJson(body), add);
  });
}

function addParameters(location: string, add: SecretWatch["add"]): void {
  if (!URL.canParse(location)) return;
  for (const [name, value] of new URL(location).searchParams) if (MEMBERS.has(name)) add(name, value);
}

function addMembers(value: unknown, add: SecretWatch["add"]): void {
  if (Array.isArray(value)) for (const item of value) addMembers(item, add);
  else if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (typeof member === "string" && MEMBERS.has(name)) add(name, member);
      else addMembers(member, add);
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
