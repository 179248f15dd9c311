import type { Config } from "../config.ts";

export const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
export const BASIC_GRANTS = ["authorization_code", "refresh_token"] as const;

/** The ways to a token that this relay offers, to every client alike. */
export const grantTypes = ({ deviceFlow }: Pick<Config, "deviceFlow">): string[] => [
  ...BASIC_GRANTS,
  ...(deviceFlow ? [DEVICE_GRANT] : []),
];
