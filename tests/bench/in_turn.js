const WARM_UP_ROUNDS = 3;

/** @typedef {Record<string, number[]>} Samples by contender; what has the same index was measured in the same round */

/**
 * Measures contenders in turn, so that what disturbs the machine meanwhile disturbs all alike.
 *
 * @template T
 * @param {Record<string, T>} contenders
 * @param {number} rounds
 * @param {(contender: T) => Promise<number>} measure
 */
export async function inTurn(contenders, rounds, measure) {
  const names = Object.keys(contenders);
  /** @type {Samples} */
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < WARM_UP_ROUNDS + rounds; round += 1) {
    for (let place = 0; place < names.length; place += 1) {
      const name = names[(round + place) % names.length]; // whoever follows whom, nobody is always first
      const figure = await measure(contenders[name]);
      if (round >= WARM_UP_ROUNDS) samples[name].push(figure);
    }
  }
  return samples;
}
