/** The app's address as a URL; null when the text is none. Whether it may be used is decided when it is added. */
export function readAppAddress(text: string): URL | null {
  const trimmed = text.trim();
  if (trimmed === "" || /\s/u.test(trimmed)) return null;
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//iu.test(trimmed);
  const local = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?:[:/]|$)/u.test(trimmed);
  try {
    const url = new URL(hasScheme ? trimmed : `${local ? "http" : "https"}://${trimmed}`);
    return url.protocol === "https:" || url.protocol === "http:" ? url : null;
  } catch {
    return null;
  }
}
