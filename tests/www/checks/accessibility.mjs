import assert from "node:assert/strict";
import { readColors } from "../contrast.mjs";

/** @import { Check } from "../run.mjs" */
/** @import { Session } from "../webdriver.mjs" */

const CONTROLS = "button, input, select, summary, progress, a[href]";
const LEAST_TEXT_CONTRAST = 4.5; // WCAG 2.2, 1.4.3
const LEAST_EDGE_CONTRAST = 3; // 1.4.11

/**
 * @param {Check} check
 * @param {Session} session on the page after all of its steps, so that everything is to be seen
 */
export async function checkAccessibility(check, session) {
  await check("names every control", async () => {
    const found = await session.send("POST", "/elements", { using: "css selector", value: CONTROLS });
    const ids = found.map((/** @type {Record<string, string>} */ element) => Object.values(element)[0]);
    assert.ok(ids.length >= 11, `there are ${ids.length} controls`);
    const names = await Promise.all(ids.map((/** @type {string} */ id) => session.send("GET", `/element/${id}/computedlabel`)));
    assert.ok(names.every((name) => name.trim() !== ""), JSON.stringify(names));
    assert.equal(new Set(names).size, names.length, `two have one name: ${names}`);
  });

  await check("has a language, a title, landmarks and headings in order", async () => {
    const page = await session.run(() => ({
      lang: document.documentElement.lang,
      title: document.title,
      landmarks: ["header", "main", "footer"].map((name) => document.querySelectorAll(`body > ${name}`).length),
      sections: [...document.querySelectorAll("section")].map(({ ariaLabel, attributes }) =>
        Boolean(ariaLabel || document.getElementById(attributes.getNamedItem("aria-labelledby")?.value ?? "")),
      ),
      headings: [...document.querySelectorAll("h1, h2, h3, h4")].map(({ tagName }) => Number(tagName[1])),
    }));
    assert.equal(page.lang, "en");
    assert.ok(page.title);
    assert.deepEqual(page.landmarks, [1, 1, 1]);
    assert.deepEqual(page.sections, [true, true, true]);
    assert.deepEqual(page.headings, [1, 2, 2, 2, 3]);
  });

  await check("refers to nothing that is not there", async () => {
    const [missing, repeated] = await session.run(() => {
      const referring = ["for", "aria-describedby", "aria-labelledby", "aria-controls"];
      const references = referring.flatMap((name) => [...document.querySelectorAll(`[${name}]`)].flatMap((at) => at.getAttribute(name)?.split(" ")));
      const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
      return [references.filter((id) => !ids.includes(id ?? "")), ids.filter((id, index) => ids.indexOf(id) !== index)];
    });
    assert.deepEqual([missing, repeated], [[], []]);
  });

  await check("reads out results, and not every tick of the clock", async () => {
    const live = await session.run(() => {
      const regions = [...document.querySelectorAll("[role=status], [role=alert], [role=log], [aria-live]")];
      return { regions: regions.map(({ id }) => id), countdown: regions.some((region) => region.querySelector("#remaining-text")) };
    });
    assert.deepEqual(live, { regions: ["load-status", "mint-status", "exchange-status", "fresh-status"], countdown: false });
  });

  await check("heads every cell of its table", async () => {
    const scopes = await session.run(() => [...document.querySelectorAll("th")].map(({ scope }) => scope));
    assert.deepEqual([...new Set(scopes)], ["col", "rowgroup", "row"]);
    assert.ok(await session.text("caption"));
  });

  await check("has contrast enough", async () => {
    const { texts, edges, scheme } = await session.run(readColors);
    assert.ok(texts.length > 60, `${texts.length} texts were looked at (${scheme})`);
    assert.deepEqual(texts.filter(({ contrast }) => contrast < LEAST_TEXT_CONTRAST), []);
    assert.deepEqual(edges.filter(({ contrast }) => contrast < LEAST_EDGE_CONTRAST), []);
  });

  await check("has targets of a size that can be hit", async () => {
    const small = await session.run((controls) => {
      const all = [...document.querySelectorAll(controls)].filter((control) => control.tagName !== "PROGRESS");
      return all.map((control) => (control.closest("label") ?? control).getBoundingClientRect()).filter(({ width, height }) => width < 24 || height < 24);
    }, CONTROLS);
    assert.deepEqual(small, []); // WCAG 2.2, 2.5.8
  });

  await check("moves nothing for those who want that", async () => {
    const [wanted, durations] = await session.run(() => [
      matchMedia("(prefers-reduced-motion: reduce)").matches,
      [...document.querySelectorAll("button")].map((button) => getComputedStyle(button).transitionProperty),
    ]);
    assert.ok(!wanted || durations.every((property) => property === "none"), `${durations}`);
  });
}
