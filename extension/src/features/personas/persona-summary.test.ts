import { createId } from "@agent-personas/shared/primitives/id";
import { expect, test } from "vitest";
import { searchPersonas, summarisePersona } from "./persona-summary.ts";
import { appRow, connectionRow, personaRow, personaTool, personaVersion } from "../../test-support/rows.ts";

const slotId = createId("slot");
const version = personaVersion({
  slots: [{ slotId, appUrl: "https://gitlab.example/mcp", appName: "GitLab at work", prefix: "GitLab" }],
  tools: [personaTool(slotId, "a"), personaTool(slotId, "b")],
});
const binding = { personaId: version.personaId, slotId, connectionId: "connection_work" };
const tables = { apps: [appRow()], connections: [connectionRow()], bindings: [binding] };

test("is active when every slot is served", () => {
  const summary = summarisePersona(personaRow(version), tables);
  expect(summary).toMatchObject({ status: "active", tools: 2 });
  expect(summary.slots).toMatchObject([
    { name: "GitLab", tools: 2, candidates: [{ connectionId: "connection_work" }] },
  ]);
});

test("says what to do first: resume, review, bind, sign in", () => {
  const signIn = { ...tables, connections: [connectionRow({ status: "needs_sign_in" })] };
  expect(summarisePersona(personaRow(version), signIn).status).toBe("needs_sign_in");
  expect(summarisePersona(personaRow(version), { ...tables, bindings: [] }).status).toBe("not_bound");
  const offered = { version: { ...version, version: 2 }, signed: "", authorDeviceId: createId("device") };
  expect(summarisePersona(personaRow(version, { offered }), signIn).status).toBe("review");
  expect(summarisePersona(personaRow({ ...version, status: "paused" }, { offered }), signIn).status).toBe("paused");
});

test("finds personas by name, address and app", () => {
  const personas = [summarisePersona(personaRow(version), tables)];
  expect(searchPersonas(personas, "release GITLAB")).toHaveLength(1);
  expect(searchPersonas(personas, "abc234")).toHaveLength(1);
  expect(searchPersonas(personas, "jira")).toHaveLength(0);
});
