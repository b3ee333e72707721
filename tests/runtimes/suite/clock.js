/** The clocks that the package reads. Its timers are the host's, and go on meanwhile. */

const realNow = Date.now;
const steadyClock = Object.getOwnPropertyDescriptor(performance, "now");
const steadyNow = performance.now.bind(performance);

/** Both clocks, which stand still unless they are moved. They begin at whole seconds, so that windows have exact edges. */
export class Clock {
  #wallMs = Math.ceil(realNow() / 1000) * 1000;
  #steadyMs = Math.ceil(steadyNow() / 1000) * 1000;

  /** @param {number} seconds that pass */
  advance(seconds) {
    this.setWall(seconds);
    this.moveSteady(seconds);
  }

  /** @param {number} seconds by which the wall clock is set forward, or back */
  setWall(seconds) {
    this.#wallMs += seconds * 1000;
    Date.now = () => this.#wallMs;
  }

  /** @param {number} seconds */
  moveSteady(seconds) {
    this.#steadyMs += seconds * 1000;
    setSteadyNow(() => this.#steadyMs);
  }
}

/**
 * Stops the clocks for a case.
 *
 * @template T
 * @param {(clock: Clock) => Promise<T>} run
 */
export async function withClock(run) {
  const clock = new Clock();
  clock.advance(0);
  try {
    return await run(clock);
  } finally {
    restoreClocks();
  }
}

/**
 * Lets both clocks run ahead from now on.
 *
 * @param {number} seconds
 */
export function runAhead(seconds) {
  Date.now = () => realNow() + seconds * 1000;
  setSteadyNow(() => steadyNow() + seconds * 1000);
}

export function restoreClocks() {
  Date.now = realNow;
  if (steadyClock) Object.defineProperty(performance, "now", steadyClock);
  else delete (/** @type {any} */ (performance).now);
}

/** @param {() => number} now */
function setSteadyNow(now) {
  Object.defineProperty(performance, "now", { value: now, configurable: true, writable: true });
}
