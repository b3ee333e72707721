/** @import { Samples } from "./in_turn.js" */

/** @typedef {{ what: string, samples: Samples, scale: number, ours: string, sdk: string }} Row */

const WIDTHS = [44, 9, 9, 9, 22, 22];

/**
 * @param {string} title
 * @param {Record<string, Samples>} samples milliseconds
 */
export function printTable(title, { cached, canned, emulator, fresh }) {
  const start = fresh.nothing ? "start of workerd to first answer, ms" : "import and construction, ms";
  /** @type {Row[]} */
  const rows = [
    { what: "cached: call(), ns", samples: cached, scale: 1e6, ours: "call", sdk: "sdk" },
    { what: "cached: getToken(), ns", samples: cached, scale: 1e6, ours: "getToken", sdk: "sdk" },
    { what: "exchange, endpoint answers at once, µs", samples: canned, scale: 1e3, ours: "ours", sdk: "sdk" },
    { what: "exchange, emulator, µs", samples: emulator, scale: 1e3, ours: "ours", sdk: "sdk" },
    { what: start, samples: fresh, scale: 1, ours: "ours", sdk: "sdk" },
    { what: "  the same, SDK: its client", samples: fresh, scale: 1, ours: "ours", sdk: "client" },
  ];
  print([title, "ours", "SDK", "plain", "ours / SDK", "ours / plain"]);
  for (const { what, samples, scale, ours, sdk } of rows) {
    const figures = [samples[ours], samples[sdk], samples.plain].map((figure) => shown(median(figure) * scale));
    print([what, ...figures, ratio(samples[ours], samples[sdk]), ratio(samples[ours], samples.plain)]);
  }
  if (fresh.nothing) print(["  the same, a Worker that imports nothing", shown(median(fresh.nothing)), "", "", "", ""]);
  console.log();
}

/** @param {string[]} cells */
function print(cells) {
  const padded = cells.map((cell, column) => (column === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[column])));
  console.log(padded.join("").trimEnd());
}

/**
 * Of what was measured in the same round, so that it does not depend on how fast the machine was in that round.
 *
 * @param {number[]} ours
 * @param {number[]} theirs
 */
function ratio(ours, theirs) {
  const ratios = ours.map((figure, round) => figure / theirs[round]);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(ratios, share).toFixed(2));
  return `${middle} (${low}–${high})`;
}

/** @param {number[]} figures */
const median = (figures) => quantile(figures, 0.5);

/**
 * @param {number[]} figures
 * @param {number} share
 */
function quantile(figures, share) {
  const sorted = [...figures].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below + (above - below) * (at % 1);
}

/** @param {number} figure */
function shown(figure) {
  return figure >= 100 ? figure.toFixed(0) : figure.toFixed(figure >= 10 ? 1 : 2);
}
