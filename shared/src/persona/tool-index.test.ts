import { expect, test } from "vitest";
import { createToolIndex, type IndexedTool } from "./tool-index.ts";

const tool = (appName: string, originalName: string, description = "", title = ""): IndexedTool => ({
  exposedName: `${appName}_${originalName}`,
  originalName,
  title,
  description,
  appName,
});

const TOOLS = [
  tool("GitLab", "createMergeRequest", "Opens a merge request between two branches."),
  tool("GitLab", "listMergeRequests", "Lists merge requests of a project, by state and author."),
  tool("GitLab", "getPipeline", "Status of a CI pipeline and its jobs."),
  tool("GitLab", "search", "Searches code, issues and wikis."),
  tool("Jira", "create_issue", "Creates an issue (bug, task, story) in a project."),
  tool("Jira", "transition_issue", "Moves an issue to another status of its workflow."),
  tool("Jira", "search", "Finds issues with JQL."),
  tool("Slack", "postMessage", "Sends a message to a channel or a person."),
  tool("Slack", "searchMessages", "Finds messages in channels.", "Search messages"),
  tool("Slack", "listUsers", "Everybody in the workspace."),
  tool("Confluence", "getPage", "Reads a wiki page by id."),
  tool("Confluence", "updatePage", "Changes the text of a page."),
  tool("Snyk", "test", "Scans dependencies for known vulnerabilities."),
  tool("Calendar", "create_event", "Adds an appointment with guests."),
  tool("Cafe", "ordnen", "Räumt Bestellungen auf."),
];
const find = createToolIndex(TOOLS);

test.each([
  ["open a merge request", "GitLab_createMergeRequest"],
  ["did the CI jobs pass", "GitLab_getPipeline"],
  ["file a bug in jira", "Jira_create_issue"],
  ["move the ticket issue to done status", "Jira_transition_issue"],
  ["send a message to the team channel", "Slack_postMessage"],
  ["search slack messages", "Slack_searchMessages"],
  ["who is in the workspace", "Slack_listUsers"],
  ["edit wiki page text", "Confluence_updatePage"],
  ["scan for vulnerabilities", "Snyk_test"],
  ["schedule an appointment", "Calendar_create_event"],
  ["vulnerabilty scan", "Snyk_test"],
  ["MERGEREQUEST create", "GitLab_createMergeRequest"],
  ["bestellungen aufraumen", "Cafe_ordnen"],
])("“%s” is answered with %s among the first three", (query, wanted) => {
  expect(find(query).slice(0, 3)).toContain(wanted);
});

test("an exact name comes first, also the app's own and inside a sentence", () => {
  expect(find("slack_listusers")[0]).toBe("Slack_listUsers");
  expect(find("please call Confluence_getPage now")[0]).toBe("Confluence_getPage");
  expect(find("search").slice(0, 2).toSorted()).toEqual(["GitLab_search", "Jira_search"]);
  expect(createToolIndex([...TOOLS, tool("X", "__proto__"), tool("X", "for")])("for")[0]).toBe("X_for");
  expect(createToolIndex([tool("X", "__proto__")])("__proto__")).toEqual(["X___proto__"]);
});

test("what fits nothing finds nothing, and the same question has the same answer", () => {
  for (const query of ["", "   ", "the of and", "zzzzqqqq", "!!!", "constructor"]) expect(find(query)).toEqual([]);
  const reversed = createToolIndex(TOOLS.toReversed());
  for (const query of ["issue", "search messages", "create"]) expect(reversed(query)).toEqual(find(query));
});

test("names are found among two thousand tools within milliseconds, and long questions cost no more", () => {
  const many = Array.from({ length: 2_000 }, (_, index) =>
    tool(`App${index % 40}`, `operation_${index}`, `Does thing ${index} to records of kind ${index % 77}.`),
  );
  const search = createToolIndex(many);
  const started = performance.now();
  expect(search("App7_operation_47")[0]).toBe("App7_operation_47");
  expect(search("word ".repeat(100_000))).toEqual([]);
  expect(search("operation ".repeat(50))).toHaveLength(2_000);
  expect(performance.now() - started).toBeLessThan(1_000);
});
