import type { PersonaVersion } from "@agent-personas/shared/persona/persona-version";
import { expect, test } from "vitest";
import type { AppRow, ConnectionRow, PersonaRow } from "../db/rows.ts";
import { appRow, connectionRow, personaRow, personaVersion } from "../test-support/rows.ts";
import { appsToSignIn, popupPersonas } from "./popup-view.ts";

const persona = (personaId: string, name: string, status: PersonaVersion["status"]): PersonaRow =>
  personaRow(
    personaVersion({
      personaId,
      name,
      status,
      slots: [{ slotId: "slot_1", appUrl: "https://gitlab.example/mcp", appName: "GitLab", prefix: "GitLab" }],
    }),
  );

const connection = (connectionId: string, appId: string, status: ConnectionRow["status"]): ConnectionRow =>
  connectionRow({ connectionId, appId, status });

const app = (appId: string, name: string): AppRow => appRow({ appId, name });

const binding = { personaId: "persona_1", slotId: "slot_1", connectionId: "connection_1" };
const personas = [persona("persona_1", "SRE Agent", "active")];

test("a persona is ready when it is active, the relay is reached and its apps answer", () => {
  const connections = [connection("connection_1", "app_1", "connected")];
  const rows = { personas, bindings: [binding], connections, apps: [] };
  expect(popupPersonas({ ...rows, tunnel: "online" })[0]?.state).toEqual({ kind: "ready" });
  expect(popupPersonas({ ...rows, tunnel: "connecting" })[0]?.state).toEqual({ kind: "offline" });
});

test("an app that is not bound or does not work is named; paused says so before anything else", () => {
  const rows = { tunnel: "online" as const, bindings: [binding], apps: [] };
  const connections = [connection("connection_1", "app_1", "needs_sign_in")];
  const paused = [persona("persona_1", "SRE Agent", "paused")];
  expect(popupPersonas({ ...rows, personas, connections })[0]?.state).toEqual({ kind: "apps", apps: ["GitLab"] });
  expect(popupPersonas({ ...rows, personas, connections: [] })[0]?.state).toEqual({ kind: "apps", apps: ["GitLab"] });
  expect(popupPersonas({ ...rows, personas: paused, connections })[0]?.state).toEqual({ kind: "paused" });
});

test("an expired token heals by itself and is no reason to warn", () => {
  const connections = [connection("connection_1", "app_1", "expired")];
  const [view] = popupPersonas({ tunnel: "online", personas, bindings: [binding], connections, apps: [] });
  expect(view?.state).toEqual({ kind: "ready" });
});

test("apps that wait for the person are listed once, by name", () => {
  const connections = [
    connection("connection_1", "app_1", "needs_sign_in"),
    connection("connection_2", "app_1", "needs_sign_in"),
    connection("connection_3", "app_2", "permission_missing"),
    connection("connection_4", "app_3", "unreachable"),
  ];
  const apps = [app("app_1", "Jira"), app("app_2", "GitLab"), app("app_3", "Slack")];
  expect(appsToSignIn({ apps, connections }).map(({ name }) => name)).toEqual(["GitLab", "Jira"]);
});
