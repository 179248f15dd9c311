/** Longest template and address that are compared. Characters. */
const MAX_LENGTH = 2_000;
const MAX_EXPRESSIONS = 50;

/**
 * Whether `uri` may be an expansion of the URI template (RFC 6570). A simple expression never stands for a slash,
 * question mark or hash, and nothing climbs out of the template's own path, so that a template for names does not open
 * others; linear in the length of both.
 * Where two expressions follow each other closely it may say no to an odd expansion; it never says yes to another path.
 */
export function matchesTemplate(template: string, uri: string): boolean {
  if (template.length > MAX_LENGTH || uri.length > MAX_LENGTH) return false;
  const parts = template.split(/\{([^{}]*)\}/u);
  if (parts.length > 2 * MAX_EXPRESSIONS + 1) return false;
  const [start = ""] = parts;
  if (!uri.startsWith(start) || (climbs(uri) && !climbs(template))) return false;
  let at = start.length;
  for (let index = 1; index < parts.length; index += 2) {
    const literal = parts[index + 1] ?? "";
    const last = index + 2 >= parts.length;
    const end = last ? uri.length - literal.length : endOf(uri, at, literal, parts[index + 2] ?? "");
    if (end < at || !uri.startsWith(literal, end)) return false;
    if (!mayBe(parts[index] ?? "", uri.slice(at, end))) return false;
    at = end + literal.length;
  }
  return at === uri.length;
}

/** Whether a segment leads up, also one that is encoded. */
function climbs(address: string): boolean {
  const decoded = address.replaceAll(/%2e/giu, ".").replaceAll(/%(?:2f|5c)/giu, "/");
  return decoded.split(/[/\\?#]/u).includes("..");
}

/** Where an expression ends: at the literal after it, or where the next expression's own sign begins. */
function endOf(uri: string, at: number, literal: string, next: string): number {
  if (literal !== "") return uri.indexOf(literal, at);
  const found = "/.;?&#".includes(next[0] ?? " ") ? uri.indexOf(next[0] ?? "", at) : -1;
  return found < 0 ? uri.length : found;
}

function mayBe(expression: string, value: string): boolean {
  switch (expression[0]) {
    case "+":
    case "#":
      return true;
    case "/":
      return value === "" || (value.startsWith("/") && !/[?#]/u.test(value));
    case ".":
    case ";":
      return value === "" || (value[0] === expression[0] && !/[/?#]/u.test(value));
    case "?":
    case "&":
      return value === "" || (value[0] === expression[0] && !value.includes("#"));
    default:
      return value !== "" && !/[/?#]/u.test(value);
  }
}
