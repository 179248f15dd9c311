/** One official suite for clients: the scenarios that its revision requires, and those that it only watches. */
export type ClientSuite = { name: string; revision: string; scenarios: readonly string[] };

const AUTH_OF_ALL = `
  metadata-default metadata-var1 metadata-var2 metadata-var3 basic-cimd
  scope-from-www-authenticate scope-from-scopes-supported scope-omitted-when-undefined scope-step-up scope-retry-limit
  token-endpoint-auth-basic token-endpoint-auth-post token-endpoint-auth-none pre-registration`;

const AUTH_OF_2026 = `
  resource-mismatch offline-access-scope offline-access-not-supported authorization-server-migration
  iss-supported iss-not-advertised iss-supported-missing iss-wrong-issuer iss-unexpected iss-normalized
  metadata-issuer-mismatch`;

const OF_2025 = "initialize tools_call elicitation-sep1034-client-defaults sse-retry json-schema-2020-12-preservation";

const OF_2026 = `
  tools_call request-metadata sep-2322-client-request-state http-standard-headers http-custom-headers
  http-invalid-tool-headers json-schema-ref-no-deref json-schema-2020-12-preservation`;

const words = (text: string): string[] => text.trim().split(/\s+/u);
const auth = (names: string): string[] => words(names).map((name) => `auth/${name}`);

export const CLIENT_SUITES: readonly ClientSuite[] = [
  { name: "client 2025-11-25", revision: "2025-11-25", scenarios: [...words(OF_2025), ...auth(AUTH_OF_ALL)] },
  {
    name: "client 2026-07-28",
    revision: "2026-07-28",
    scenarios: [...words(OF_2026), ...auth(AUTH_OF_ALL), ...auth(AUTH_OF_2026)],
  },
];

/** Of each kind some, for what a browser does in its own way: requests, streams, redirects, its window to sign in. */
export const BROWSER_SUITES: readonly ClientSuite[] = [
  {
    name: "client 2025-11-25",
    revision: "2025-11-25",
    scenarios: words(
      "tools_call elicitation-sep1034-client-defaults sse-retry auth/metadata-var2 auth/scope-step-up auth/token-endpoint-auth-basic",
    ),
  },
  {
    name: "client 2026-07-28",
    revision: "2026-07-28",
    scenarios: words(
      `request-metadata http-standard-headers http-custom-headers http-invalid-tool-headers
      sep-2322-client-request-state auth/metadata-default auth/authorization-server-migration auth/iss-wrong-issuer`,
    ),
  },
];
