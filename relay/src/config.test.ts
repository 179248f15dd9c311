import { expect, test } from "vitest";
import { ConfigError, readConfig, withPort } from "./config.ts";

test("an empty environment gives a relay on loopback", () => {
  expect(readConfig({})).toEqual({
    host: "127.0.0.1",
    port: 8787,
    publicUrl: "http://localhost:8787",
    dataDir: "./.data",
    trustProxy: false,
    allowedOrigins: [],
    logLevel: "info",
    ownerWaitMs: 10_000,
    deviceDeadlineMs: 45_000,
    relayDeadlineMs: 48_000,
    sessionLimit: 20_000,
    rateLimit: 60,
    monthlyCap: { calls: null, cents: null },
    supportContact: null,
    deviceFlow: false,
    oauthClients: [],
    metricsToken: null,
    tracing: null,
  });
});

test("an empty variable counts as not set", () => {
  expect(readConfig({ PORT: "", PUBLIC_URL: "" }).port).toBe(8787);
});

test("monthly caps are read, and zero is a cap", () => {
  expect(readConfig({ MONTHLY_CALLS: "0", MONTHLY_CENTS: "500" }).monthlyCap).toEqual({ calls: 0, cents: 500 });
});

test("with port 0 the public URL is known once it listens", () => {
  const settings = readConfig({ PORT: "0" });
  expect(settings.publicUrl).toBeNull();
  expect(withPort(settings, 4_711).publicUrl).toBe("http://localhost:4711");
  expect(withPort(readConfig({ PORT: "0", PUBLIC_URL: "https://relay.example.com" }), 1).publicUrl).toBe(
    "https://relay.example.com",
  );
});

test("the public URL is an origin without a slash at its end", () => {
  expect(readConfig({ PUBLIC_URL: "https://relay.example.com/" }).publicUrl).toBe("https://relay.example.com");
  expect(readConfig({ PUBLIC_URL: "HTTPS://Relay.Example.com:443" }).publicUrl).toBe("https://relay.example.com");
});

test("settings cannot be changed", () => {
  expect(Object.isFrozen(readConfig({}))).toBe(true);
  expect(Object.isFrozen(withPort(readConfig({}), 1))).toBe(true);
});

test("lists are read", () => {
  const settings = readConfig({
    ALLOWED_ORIGINS: "https://a.example, https://b.example",
    TRUST_PROXY: "10.0.0.1, loopback",
  });
  expect(settings.allowedOrigins).toEqual(["https://a.example", "https://b.example"]);
  expect(settings.trustProxy).toEqual(["10.0.0.1", "loopback"]);
  expect(readConfig({ TRUST_PROXY: "true" }).trustProxy).toBe(true);
});

test.each([
  ["PORT", { PORT: "70000" }],
  ["PORT", { PORT: "http" }],
  ["RATE_LIMIT", { RATE_LIMIT: "0" }],
  ["MONTHLY_CALLS", { MONTHLY_CALLS: "-1" }],
  ["PUBLIC_URL", { PUBLIC_URL: "http://relay.example.com" }],
  ["PUBLIC_URL", { PUBLIC_URL: "https://relay.example.com/base" }],
  ["PUBLIC_URL", { PUBLIC_URL: "https://user:pw@relay.example.com" }],
  ["PUBLIC_URL", { PUBLIC_URL: "ftp://relay.example.com" }],
  ["PUBLIC_URL", { HOST: "0.0.0.0" }],
  ["ALLOWED_ORIGINS", { ALLOWED_ORIGINS: "https://a.example/path" }],
  ["ALLOWED_ORIGINS", { ALLOWED_ORIGINS: "*" }],
  ["LOG_LEVEL", { LOG_LEVEL: "loud" }],
  ["OWNER_WAIT_MS", { OWNER_WAIT_MS: "0" }],
  ["RELAY_DEADLINE_MS", { RELAY_DEADLINE_MS: "1000" }],
])("names %s when %j cannot be used", (variable, env) => {
  expect(() => readConfig(env)).toThrow(ConfigError);
  expect(() => readConfig(env)).toThrow(new RegExp(`\\b${variable}\\b`, "u"));
});

test("clients known in advance are checked at the start, and the fault names the setting", () => {
  const client = { client_id: "acme", client_name: "Acme", redirect_uris: ["https://acme.example/cb"] };
  expect(readConfig({ OAUTH_CLIENTS: JSON.stringify([client]) }).oauthClients).toEqual([
    { ...client, token_endpoint_auth_method: "none" },
  ]);
  for (const wrong of [
    "{",
    JSON.stringify([{ ...client, redirect_uris: ["javascript:x"] }]),
    JSON.stringify([{ ...client, client_secret: "short" }]),
  ]) {
    expect(() => readConfig({ OAUTH_CLIENTS: wrong })).toThrow(/OAUTH_CLIENTS: must be a JSON list of clients/u);
  }
});

test("traces go where the variables of OpenTelemetry say, and nowhere when they are turned off", () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318/", OTEL_SERVICE_NAME: "relay-1" };
  expect(readConfig(env).tracing).toEqual({
    url: "http://collector:4318/v1/traces",
    serviceName: "relay-1",
    sampler: "parentbased_always_on",
    ratio: 1,
  });
  const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://other/spans", OTEL_TRACES_SAMPLER_ARG: "0.1" };
  expect(readConfig({ ...env, ...own }).tracing).toMatchObject({ url: "http://other/spans", ratio: 0.1 });
  expect(readConfig({ ...env, OTEL_SDK_DISABLED: "true" }).tracing).toBeNull();
  expect(readConfig({ ...env, OTEL_TRACES_EXPORTER: "none" }).tracing).toBeNull();
  expect(() => readConfig({ OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" })).toThrow(/OTEL_EXPORTER_OTLP_PROTOCOL/u);
});

test("a token for the metrics that could be guessed is refused", () => {
  expect(() => readConfig({ METRICS_TOKEN: "short" })).toThrow(/METRICS_TOKEN/u);
});
