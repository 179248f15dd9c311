/** Longest that a call may wait for its caller to answer questions, in all. Milliseconds. */
export const MAX_PAUSE_MS = 10 * 60_000;

export type Deadline = {
  /** Milliseconds of work left; not less than 0. */
  remaining: () => number;
  /** Stands still until the answer is called; several pauses may overlap. */
  pause: () => () => void;
  /** It will not pass any more. */
  end: () => void;
};

/**
 * A deadline that stands still while a person is asked something, `maxPauseMs` at most in all: then it passes.
 * `now` must only grow. `onPassed` is called once at most.
 */
export function createDeadline(options: {
  ms: number;
  maxPauseMs?: number;
  now: () => number;
  onPassed: () => void;
}): Deadline {
  const { now } = options;
  let work = options.ms;
  let patience = options.maxPauseMs ?? MAX_PAUSE_MS;
  let pauses = 0;
  let since = now();
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const left = (): number => (pauses > 0 ? patience : work);
  const pass = (): void => {
    if (over) return;
    over = true;
    options.onPassed();
  };
  const settle = (): void => {
    const spent = now() - since;
    since += spent;
    if (pauses > 0) patience -= spent;
    else work -= spent;
  };
  const arm = (): void => {
    clearTimeout(timer);
    if (!over) timer = setTimeout(pass, Math.max(0, left()));
  };
  arm();

  return {
    remaining: () => {
      settle();
      return Math.max(0, work);
    },
    pause: () => {
      settle();
      pauses += 1;
      arm();
      let paused = true;
      return () => {
        if (!paused) return;
        paused = false;
        settle();
        pauses -= 1;
        arm();
      };
    },
    end: () => {
      over = true;
      clearTimeout(timer);
    },
  };
}
