import { expect, test } from "vitest";
import { nearestNames } from "./nearest-names.ts";

test("names the closest three, and none that has nothing in common", () => {
  const names = ["Slack_searchMessages", "Slack_sendMessage", "Slack_listChannels", "Slack_search", "GitLab_getIssue"];
  expect(nearestNames("slack_search_messages", names)).toEqual([
    "Slack_searchMessages",
    "Slack_sendMessage",
    "Slack_search",
  ]);
  expect(nearestNames("zzz", names)).toEqual([]);
  expect(nearestNames("", names)).toEqual([]);
});
