/** The match pattern that grants access to a URL's host, e.g. `https://mcp.example.com/*`; ports are not told apart. */
export function originPattern(url: string): string {
  const { protocol, hostname } = new URL(url);
  return `${protocol}//${hostname}/*`;
}
