import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesTemplate } from "./uri-template.ts";

test("knows the expansions of a template", () => {
  const template = "test://template/{id}/data";
  expect(matchesTemplate(template, "test://template/123/data")).toBe(true);
  expect(matchesTemplate(template, "test://template/123/other")).toBe(false);
  expect(matchesTemplate(template, "test://template//data")).toBe(false);
  expect(matchesTemplate("a://x", "a://x")).toBe(true);
  expect(matchesTemplate("a://x", "a://x/y")).toBe(false);
  expect(matchesTemplate("a://{x}-{y}", "a://1-2")).toBe(true);
  expect(matchesTemplate("a://s{?q,page}", "a://s?q=1&page=2")).toBe(true);
  expect(matchesTemplate("a://s{?q}", "a://s")).toBe(true);
  expect(matchesTemplate("file:///{+path}", "file:///etc/hosts")).toBe(true);
  expect(matchesTemplate("repo://{owner}{/path*}", "repo://ada/a/b")).toBe(true);
});

test("a simple expression opens no other path, query or fragment", () => {
  for (const value of ["../etc/passwd", "a/b", "a?b=c", "a#b", ""]) {
    expect(matchesTemplate("file:///home/{name}", `file:///home/${value}`)).toBe(false);
    expect(matchesTemplate("file:///home/{name}.txt", `file:///home/${value}.txt`)).toBe(false);
  }
});

test("nothing leads out of the template's own path, however it is written", () => {
  for (const value of ["..", "%2e%2E", ".%2e", "..%2Fetc%2fpasswd", "a%5C..%5cb"]) {
    expect(matchesTemplate("file:///home/{name}", `file:///home/${value}`)).toBe(false);
    expect(matchesTemplate("file:///home/{+path}", `file:///home/${value}`)).toBe(false);
  }
  expect(matchesTemplate("file:///home/{+path}", "file:///home/a/../../etc/passwd")).toBe(false);
  expect(matchesTemplate("file:///home{/path*}", "file:///home/a/../b")).toBe(false);
  expect(matchesTemplate("app://{a}{b}/x", "app://y/../x")).toBe(false);
  expect(matchesTemplate("git:///{+range}", "git:///main...next/a..b")).toBe(true);
});

test("is quick about hostile templates and addresses", () => {
  const template = "{a}".repeat(600);
  expect(matchesTemplate(template, "x".repeat(2_000))).toBe(false);
  expect(matchesTemplate("{+a}x".repeat(50), "x".repeat(1_999))).toBe(true);
  expect(matchesTemplate("a".repeat(3_000), "a".repeat(3_000))).toBe(false);
});

test("takes every expansion of one simple expression between literals", () => {
  const literal = fc.stringMatching(/^[a-z]{1,5}:\/\/[a-z/]{0,10}$/u);
  const value = fc.stringMatching(/^[A-Za-z0-9%._~-]{1,20}$/u);
  fc.assert(
    fc.property(literal, value, fc.stringMatching(/^(?:\/[a-z]{0,8})?$/u), (start, id, end) => {
      fc.pre(!/(?:\.|%2e){2}/iu.test(id));
      expect(matchesTemplate(`${start}{id}${end}`, start + id + end)).toBe(true);
    }),
  );
});
