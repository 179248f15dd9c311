/** Fetches as one browser: sends the cookies it was given back to the host and path that set them. */
export type CookieJar = {
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Names of the cookies it holds. */
  names: () => string[];
};

type Cookie = { name: string; value: string; host: string; path: string };

/** Redirects are never followed: who walks them decides where they may lead. */
export function createCookieJar(): CookieJar {
  const cookies = new Map<string, Cookie>();
  return {
    async fetch(url, init = {}) {
      const { host, pathname } = new URL(url);
      const sent = [...cookies.values()].filter((cookie) => cookie.host === host && covers(cookie.path, pathname));
      const headers = new Headers(init.headers);
      if (sent.length > 0) headers.set("cookie", sent.map(({ name, value }) => `${name}=${value}`).join("; "));
      const response = await fetch(url, { ...init, headers, redirect: "manual" });
      for (const line of response.headers.getSetCookie()) {
        const cookie = { ...readCookie(line), host };
        const id = `${cookie.host} ${cookie.path} ${cookie.name}`;
        if (cookie.value === "") cookies.delete(id);
        else cookies.set(id, cookie);
      }
      return response;
    },
    names: () => [...cookies.values()].map(({ name }) => name),
  };
}

const covers = (path: string, pathname: string): boolean =>
  pathname === path || pathname.startsWith(path.endsWith("/") ? path : `${path}/`);

function readCookie(line: string): { name: string; value: string; path: string } {
  const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/su);
  return { name, value, path: /;\s*path=([^;]+)/iu.exec(line)?.[1] ?? "/" };
}
