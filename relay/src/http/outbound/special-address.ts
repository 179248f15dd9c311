import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Addresses that lead back into this machine or network, or nowhere (IANA special-purpose registries). */
const IPV4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];
/** Within the global unicast range 2000::/3; everything outside it is special anyway. */
const IPV6: readonly (readonly [string, number])[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["2620:4f:8000::", 48],
  ["3fff::", 20],
];

/** True unless an address is one that any machine on the internet could have. */
export function createAddressCheck(): (address: string) => boolean {
  const special = new BlockList();
  for (const [net, prefix] of IPV4) special.addSubnet(net, prefix, "ipv4");
  for (const [net, prefix] of IPV6) special.addSubnet(net, prefix, "ipv6");
  const unicast = new BlockList();
  unicast.addSubnet("2000::", 3, "ipv6");
  return (address) => {
    if (isIPv4(address)) return special.check(address, "ipv4");
    if (!isIPv6(address) || address.includes("%")) return true;
    return !unicast.check(address, "ipv6") || special.check(address, "ipv6");
  };
}
