/** When what waits is looked at again. Milliseconds. */
const AGAIN_MS = 100;

/** Passes news on: at once while it may, else later, and then of each key that waits the newest only. */
export type NewsGate<T> = {
  /** Left out when too many other keys wait. */
  offer: (key: string, news: T) => void;
  /** Forgets what waits and takes no more. */
  close: () => void;
};

/** `mayPass` is asked before each; at most `most` keys wait. */
export function createNewsGate<T>(options: {
  most: number;
  mayPass: () => boolean;
  pass: (news: T) => void;
}): NewsGate<T> {
  const waiting = new Map<string, T>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;

  const drain = (): void => {
    timer = undefined;
    for (const [key, news] of waiting) {
      if (!options.mayPass()) {
        timer = setTimeout(drain, AGAIN_MS);
        return;
      }
      waiting.delete(key);
      options.pass(news);
    }
  };

  return {
    offer: (key, news) => {
      if (closed || (waiting.size >= options.most && !waiting.has(key))) return;
      waiting.set(key, news);
      if (timer === undefined) drain();
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      waiting.clear();
    },
  };
}
