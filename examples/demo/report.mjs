import { styleText } from "node:util";

const WIDTH = 100;

/** @type {Set<string>} */
const secrets = new Set();

/**
 * Neither this nor the beginning of a segment of it will be printed.
 *
 * @param {string} secret
 */
export function keepSecret(secret) {
  for (const segment of secret.split(".")) secrets.add(segment.slice(0, 24));
}

/** @param {string} [text] */
export function print(text = "") {
  console.log(checked(text));
}

/** @param {string} text */
export function complain(text) {
  console.error(`\n${checked(text)}`);
}

/** @param {string} text */
function checked(text) {
  return [...secrets].some((secret) => text.includes(secret)) ? "(withheld, because a secret stood here)" : text;
}

/** @param {string} text */
export function heading(text) {
  print();
  print(styleText("bold", text));
}

/**
 * One fact. `ms` stands at the right when it is given.
 *
 * @param {string} name
 * @param {string} value
 * @param {number} [ms]
 */
export function fact(name, value, ms) {
  const [first, ...rest] = wrapped(value, WIDTH - 30);
  const time = ms === undefined ? "" : `${Math.round(ms)} ms`.padStart(WIDTH - 20 - first.length);
  print(`  ${styleText("dim", name.padEnd(18))}${first}${time}`);
  for (const line of rest) print(" ".repeat(20) + line);
}

/**
 * @param {string} text
 * @param {number} width
 */
function wrapped(text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines[lines.length - 1];
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines;
}
