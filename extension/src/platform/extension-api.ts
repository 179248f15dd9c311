type Api = typeof chrome;

/** Chromium has had a native `browser` since 148; `chrome` is the same there and answers with promises too. */
export function extensionApi(): Api {
  const scope: { browser?: Api; chrome?: Api } = globalThis;
  const found = scope.browser?.runtime?.id === undefined ? scope.chrome : scope.browser;
  if (found?.runtime?.id === undefined) throw new Error("The browser's extension interface is not available here.");
  return found;
}
