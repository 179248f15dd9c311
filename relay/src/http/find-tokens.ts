/** JSON in base64url begins so; the first part of a token is an object with at least a name in it. */
const HEAD = /eyJ[\w-]{8,}/u;

/**
 * What in a text has the form of a JWT: three parts, the last of which may be empty. It is read part by part, since a
 * pattern for the whole starts anew at each of many `eyJ`, and a header full of them would keep the relay busy.
 */
export function findTokens(text: string): string[] {
  return text.split(/[^\w.-]+/u).flatMap((run) => {
    const parts = run.split(".");
    return parts.flatMap((part, index) => {
      const [payload = "", signature] = parts.slice(index + 1, index + 3);
      const head = payload === "" || signature === undefined ? undefined : HEAD.exec(part)?.[0];
      return head === undefined ? [] : [`${head}.${payload}.${signature}`];
    });
  });
}
