import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";

/** @import { Check, Place } from "../run.mjs" */
/** @import { Session } from "../webdriver.mjs" */

const folder = new URL("../../../target/www/", import.meta.url);
const sizes = { "": 1100, "-narrow": 360 };

/**
 * Keeps pictures of the page, wide and narrow, in target/www/.
 *
 * @param {Check} check
 * @param {Place} place
 * @param {Session} session
 */
export async function takePicture(check, { browser, theme }, session) {
  await mkdir(folder, { recursive: true });
  for (const [name, width] of Object.entries(sizes)) {
    await check(`fits ${width} pixels`, async () => {
      await session.bidi.setViewport(width, 800);
      const seen = await session.run(() => ({ inner: innerWidth, scroll: document.documentElement.scrollWidth }));
      assert.equal(seen.inner, width);
      assert.ok(seen.scroll <= width, `it is ${seen.scroll} pixels wide`);
      await writeFile(new URL(`${browser}-${theme}${name}.png`, folder), await session.bidi.picture());
    });
  }
}
