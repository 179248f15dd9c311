import { CONFORMANCE, CONFORMANCE_2025, runClient } from "../support/installed-clients.ts";

/** One official suite for clients. */
export type ClientSuite = {
  name: string;
  program: string;
  /** On whose wire its scenarios run; null for each scenario's own. */
  revision: string | null;
  scenarios: readonly string[];
};

const REVISIONS = ["2025-11-25", "2026-07-28"] as const;

/**
 * Everything that the installed suites list, so that what a new version of theirs adds is run without being asked for:
 * the whole suite of 2025; of the later one what each revision has, and by itself what is of neither, that is of
 * extensions and of earlier revisions.
 */
export async function listClientSuites(): Promise<ClientSuite[]> {
  const suites: ClientSuite[] = [
    {
      name: "client 0.1.16",
      program: CONFORMANCE_2025,
      revision: null,
      scenarios: await listScenarios(CONFORMANCE_2025),
    },
  ];
  for (const revision of REVISIONS) {
    const scenarios = await listScenarios(CONFORMANCE, revision);
    suites.push({ name: `client ${revision}`, program: CONFORMANCE, revision, scenarios });
  }
  const listed = new Set(suites.filter(({ program }) => program === CONFORMANCE).flatMap(({ scenarios }) => scenarios));
  const others = (await listScenarios(CONFORMANCE)).filter((scenario) => !listed.has(scenario));
  return [...suites, { name: "client others", program: CONFORMANCE, revision: null, scenarios: others }];
}

async function listScenarios(program: string, revision?: string): Promise<string[]> {
  const which = revision === undefined ? [] : ["--spec-version", revision];
  return readList(await runClient([program, "list", "--client", ...which]));
}

/** A scenario a line, after a dash and before the revisions that have it. */
export const readList = (printed: string): string[] =>
  [...printed.matchAll(/^ {2}- (?<name>\S+)/gmu)].map(({ groups }) => groups?.["name"] ?? "");

const words = (text: string): string[] => text.trim().split(/\s+/u);

/** Of each kind some, for what a browser does in its own way: requests, streams, redirects, its window to sign in. */
export const BROWSER_SUITES: readonly ClientSuite[] = [
  {
    name: "client 2025-11-25",
    program: CONFORMANCE,
    revision: "2025-11-25",
    scenarios: words(
      "tools_call elicitation-sep1034-client-defaults sse-retry auth/metadata-var2 auth/scope-step-up auth/token-endpoint-auth-basic",
    ),
  },
  {
    name: "client 2026-07-28",
    program: CONFORMANCE,
    revision: "2026-07-28",
    scenarios: words(
      `request-metadata http-standard-headers http-custom-headers http-invalid-tool-headers
      sep-2322-client-request-state auth/metadata-default auth/authorization-server-migration auth/iss-wrong-issuer`,
    ),
  },
];
