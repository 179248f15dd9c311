import MiniSearch from "minisearch";

/** What is known of a tool when somebody looks for one. */
export type IndexedTool = {
  exposedName: string;
  originalName: string;
  title: string;
  description: string;
  appName: string;
};

/** Exposed names of the tools that fit, best first. */
export type FindTools = (query: string) => string[];

/** What is looked at. Characters. */
const QUERY_LENGTH = 500;
const DESCRIPTION_LENGTH = 500;
/** Words of a question; each costs a search of its own. */
const MOST_WORDS = 24;
/** Words too short to be begun or misspelt. Characters. */
const LEAST_PREFIX = 3;
const LEAST_FUZZY = 5;
const WORD_LENGTH = 40;

/** Words that say nothing about what a tool does. */
const STOP_WORDS = new Set(
  "a an and are as at by can do for from how i in is it me my of on or please that the then this to use want with".split(
    " ",
  ),
);

/** Makes the tools findable by words of name, title, description and app, and each by its exact name. */
export function createToolIndex(tools: readonly IndexedTool[]): FindTools {
  const index = new MiniSearch<IndexedTool & { id: string }>({
    fields: ["exposedName", "title", "description", "appName"],
    tokenize: wordsOf,
    processTerm: (word) => (STOP_WORDS.has(word) ? null : word),
    searchOptions: {
      boost: { exposedName: 4, title: 3, appName: 2 },
      prefix: (word) => word.length >= LEAST_PREFIX,
      fuzzy: (word) => (word.length >= LEAST_FUZZY ? 0.2 : false),
    },
  });
  const sorted = tools.toSorted((a, b) => (a.exposedName < b.exposedName ? -1 : 1));
  index.addAll(
    sorted.map((tool) => ({
      ...tool,
      id: tool.exposedName,
      description: tool.description.slice(0, DESCRIPTION_LENGTH),
    })),
  );
  const byExactName = new Map<string, string[]>();
  for (const { exposedName, originalName } of sorted) {
    for (const name of new Set([exposedName.toLowerCase(), originalName.toLowerCase()])) {
      byExactName.set(name, [...(byExactName.get(name) ?? []), exposedName]);
    }
  }
  return (query) => {
    const text = query.slice(0, QUERY_LENGTH).trim();
    const exact = [text, ...text.split(/[\s,;“”"'`]+/u)].flatMap((name) => byExactName.get(name.toLowerCase()) ?? []);
    const found = index
      .search([...new Set(wordsOf(text))].slice(0, MOST_WORDS).join(" "))
      .toSorted((a, b) => b.score - a.score || (String(a.id) < String(b.id) ? -1 : 1))
      .map(({ id }) => String(id));
    return [...new Set([...exact, ...found])];
  };
}

/** `searchMessages`, `search_messages` and `Search messages` are the same words. */
function wordsOf(text: string): string[] {
  return text
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .replaceAll(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && word.length <= WORD_LENGTH);
}
