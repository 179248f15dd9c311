/** Where a host name leads, as far as the name itself tells. */
export type HostClass = "loopback" | "private" | "link-local" | "single-label" | "public";

/** Takes `hostname` of a parsed URL: numbers are canonical there, so `127.1` and `0x7f000001` are `127.0.0.1`. */
export function classifyHost(hostname: string): HostClass {
  const host = hostname.toLowerCase().replace(/\.+$/u, "");
  if (host.startsWith("[")) return classifyV6(host.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/u.test(host)) return classifyV4(host.split(".").map(Number));
  if (host === "localhost" || host.endsWith(".localhost")) return "loopback";
  if (host.endsWith(".local")) return "link-local";
  if (
    ["internal", "intranet", "lan", "localdomain", "home.arpa", "corp", "home"].some((zone) =>
      host.endsWith(`.${zone}`),
    )
  ) {
    return "private";
  }
  return host.includes(".") ? "public" : "single-label";
}

function classifyV4(parts: number[]): HostClass {
  const [a = 0, b = 0] = parts;
  if (a === 127 || a === 0) return "loopback";
  if (a === 169 && b === 254) return "link-local";
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)) return "private";
  // Shared address space of carriers; used by overlay networks, never by a public service.
  if (a === 100 && b >= 64 && b <= 127) return "private";
  // Benchmark range; local proxies answer names with addresses of it.
  if (a === 198 && (b === 18 || b === 19)) return "private";
  return a >= 224 ? "private" : "public";
}

function classifyV6(address: string): HostClass {
  const groups = expandV6(address);
  const [first = 0] = groups;
  if (groups.slice(0, 7).every((group) => group === 0) && (groups[7] ?? 0) <= 1) return "loopback";
  const embedded = embeddedV4(groups);
  if (embedded !== null) return classifyV4(embedded);
  if ((first & 0xffc0) === 0xfe80) return "link-local";
  // Public addresses begin with 2000::/3; of these, Teredo's carry an IPv4 address that nobody sees.
  const teredo = first === 0x2001 && groups[1] === 0;
  return (first & 0xe000) === 0x2000 && !teredo ? "public" : "private";
}

/** Forms that carry an IPv4 address: mapped, compatible, and the translation prefixes 64:ff9b::/96 and 2002::/16. */
function embeddedV4(groups: number[]): number[] | null {
  const leading = groups.slice(0, 5).every((group) => group === 0);
  const mapped = leading && (groups[5] === 0xffff || groups[5] === 0);
  const translated = groups[0] === 0x64 && groups[1] === 0xff9b && groups.slice(2, 6).every((group) => group === 0);
  if (mapped || translated) return bytesOf(groups[6] ?? 0, groups[7] ?? 0);
  return groups[0] === 0x2002 ? bytesOf(groups[1] ?? 0, groups[2] ?? 0) : null;
}

const bytesOf = (high: number, low: number): number[] => [high >> 8, high & 255, low >> 8, low & 255];

/** URLs hold IPv6 in its shortest form, without an embedded dotted part. */
function expandV6(address: string): number[] {
  const [head = "", tail] = address.split("::");
  const left = groupsOf(head);
  const right = groupsOf(tail ?? "");
  const gap = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from<number>({ length: Math.max(0, gap) }).fill(0), ...right];
}

const groupsOf = (text: string): number[] =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
