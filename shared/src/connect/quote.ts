/** Quotes a word for POSIX shells. */
export const quote = (word: string): string =>
  /^[\w./:@-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
