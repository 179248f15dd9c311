import { isIPv6 } from "node:net";

/** What limits count by: an IPv4 address, or the /64 that one IPv6 customer has all to themselves. */
export function addressBlock(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/iu.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  const plain = address.split("%", 1)[0] ?? "";
  if (!isIPv6(plain)) return address;
  const [head = "", tail = ""] = plain.split("::");
  const groups = head.split(":").filter((group) => group !== "");
  const after = tail.split(":").filter((group) => group !== "");
  if (plain.includes("::")) while (groups.length + after.length < 8) groups.push("0");
  const block = [...groups, ...after].slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${block.join(":")}::/64`;
}
