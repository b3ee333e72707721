/**
 * Unhandled rejections and uncaught exceptions, as they happen, in hosts that have the events of the web for them.
 *
 * @type {unknown[]}
 */
export const uncaught = [];

addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  uncaught.push(event.reason);
});
addEventListener("error", (event) => {
  event.preventDefault();
  uncaught.push(event.error);
});
