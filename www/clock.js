// The package reads two clocks. Both can be moved ahead, so that nobody has to wait for a token to age.

const wallNow = Date.now;
const steadyNow = performance.now.bind(performance);
let skippedMs = 0;

/** @param {number} seconds */
export function skip(seconds) {
  skippedMs += seconds * 1000;
  Date.now = () => wallNow() + skippedMs;
  performance.now = () => steadyNow() + skippedMs;
}

export const skippedSeconds = () => skippedMs / 1000;

/** Unix seconds. */
export const now = () => Math.floor(Date.now() / 1000);

/** @param {number} seconds */
export const timeOfDay = (seconds) => new Date(seconds * 1000).toLocaleTimeString();
