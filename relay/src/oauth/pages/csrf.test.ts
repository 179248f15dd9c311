import Fastify from "fastify";
import { expect, test } from "vitest";
import { handleErrors } from "../../http/handle-errors.ts";
import { createSignIns } from "../../sign-in/create-sign-ins.ts";
import { readConfig, withPort } from "../../config.ts";
import { checkForm, formToken, setFormCookie } from "./csrf.ts";

const UID = "uid-uid-uid";

/** `GET /` gives the cookie; `POST /` answers whether a form of step 2 with this token is of the present step. */
async function start(publicUrl: string) {
  const config = withPort(readConfig({ PUBLIC_URL: publicUrl }), 8_787);
  const deps = { config, signIns: createSignIns({ now: () => 1 }) };
  const app = Fastify();
  handleErrors(app, { config, now: () => 1 });
  app.get("/", (_request, reply) => {
    setFormCookie(deps, reply, UID);
    return reply.send("");
  });
  const progress = { step: 2, stage: { kind: "identify" as const }, notice: null };
  app.post<{ Body: { token: string } }>("/", (request) => ({
    fresh: checkForm(deps, request, { uid: UID, token: request.body.token, progress }),
  }));
  const given = (await app.inject({ url: "/" })).headers["set-cookie"];
  const line = typeof given === "string" ? given : "";
  const { host, origin } = new URL(publicUrl);
  return {
    line,
    token: (uid: string, step: number) => formToken(deps, uid, step),
    post: async (token: string, headers: Record<string, string> = {}) => {
      const sent = { host, origin, cookie: `a=b; ${line.split(";")[0]}`, ...headers };
      const answer = await app.inject({ method: "POST", url: "/", headers: sent, payload: { token } });
      return answer.statusCode === 200 ? answer.json<{ fresh: boolean }>().fresh : answer.statusCode;
    },
  };
}

test.each([
  [
    "https://relay.example.com",
    /^__Host-ap-form-uid-uid-uid=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure$/u,
  ],
  ["http://localhost:8787", /^ap-form-uid-uid-uid=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/u],
])("the cookie of %s", async (publicUrl, form) => {
  expect((await start(publicUrl)).line).toMatch(form);
});

test("a form is of this step, of an earlier one, or forged", async () => {
  const { token, post } = await start("https://relay.example.com");
  expect(await post(token(UID, 2))).toBe(true);
  expect(await post(token(UID, 1))).toBe(false);
  expect(await post(token(UID, 0))).toBe(false);
  for (const forged of [token(UID, 3), token("another-sign-in", 2), "", "x".repeat(43)]) {
    expect(await post(forged)).toBe(403);
  }
});

test("without the cookie, or from another origin, no form counts", async () => {
  const { token, post } = await start("https://relay.example.com");
  for (const headers of [
    { cookie: "" },
    { cookie: "__Host-ap-form-uid-uid-uid=x" },
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: "chrome-extension://abcdefgh" },
  ]) {
    expect([headers, await post(token(UID, 2), headers as Record<string, string>)]).toEqual([headers, 403]);
  }
});
