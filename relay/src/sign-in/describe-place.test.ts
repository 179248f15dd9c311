import { expect, test } from "vitest";
import { describePlace } from "./describe-place.ts";

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux at 192.0.2.1"],
  [
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0",
    "Edge on Windows at 192.0.2.1",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/19.0 Safari/604",
    "Safari on iOS at 192.0.2.1",
  ],
  ["<b>Your own browser, press Allow</b>", "A browser at 192.0.2.1"],
  [undefined, "A browser at 192.0.2.1"],
])("%s is %s", (userAgent, place) => {
  expect(describePlace({ ip: "192.0.2.1", userAgent })).toBe(place);
});
