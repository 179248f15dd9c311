const LENGTH = 1_000;

/** The address of a client metadata document: https with a path, in the one spelling that cannot be misread. */
export function isDocumentAddress(address: string): boolean {
  if (address.length > LENGTH || !/^https:\/\/[\u0021-\u007E]+$/u.test(address) || !URL.canParse(address)) return false;
  const url = new URL(address);
  if (url.href !== address || address.includes("#") || address.includes("\\")) return false;
  if (url.username !== "" || url.password !== "" || address.slice("https://".length).split("/", 1)[0]?.includes("@")) {
    return false;
  }
  return url.pathname !== "/" && !url.pathname.split("/").some((segment) => /^(?:\.|%2e){1,2}$/iu.test(segment));
}
