import { isErrorCode } from "@agent-personas/shared/errors/codes";
import { pino, type DestinationStream, type Logger } from "pino";
import { findTokens } from "./find-tokens.ts";

const SECRET_NAMES = [
  "authorization",
  "cookie",
  "set-cookie",
  "token",
  "key",
  "accessKey",
  "secret",
  "code",
  "setupCode",
  "recoveryCode",
  "proof",
  "signed",
  "body",
  "params",
  "forwardedHeaders",
];
const KEY = /ap_[0-9A-Za-z]{6}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}/gu;
const REDACTED = "[redacted]";
const WORD = /[\w.-]{20,}/gu;

/**
 * The relay's log. Secrets are kept out twice: by name where they are members, and by shape anywhere in a line,
 * for the day somebody logs a message that quotes one.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
      censor: (value: unknown, path: string[]) => (isFaultCode(value, path) ? value : REDACTED),
    },
    hooks: { streamWrite: (line: string) => line.replaceAll(KEY, REDACTED).replaceAll(WORD, withoutTokens) },
  };
  return destination === undefined ? pino(options, pino.destination(2)) : pino(options, destination);
}

const withoutTokens = (word: string): string => (findTokens(word).length > 0 ? REDACTED : word);

/** A fault's code is the first thing one looks for, and nothing a pairing code looks like. */
function isFaultCode(value: unknown, path: string[]): boolean {
  if (path.at(-1) !== "code") return false;
  return (
    typeof value === "number" || isErrorCode(value) || (typeof value === "string" && /^[A-Z][A-Z_]+$/u.test(value))
  );
}
