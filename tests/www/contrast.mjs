/**
 * Runs in the page, so it is one function: what is drawn over what, as contrast by WCAG 2.2 (1.4.3).
 *
 * @typedef {{ what: string, contrast: number }} Contrast
 */
export function readColors() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));

  /** @param {string[]} colors each over the one before it, the first opaque */
  function luminance(...colors) {
    for (const color of colors) {
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = [...context.getImageData(0, 0, 1, 1).data].map((byte) => {
      const value = byte / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /** @param {Element | null} element @returns {string[]} the backgrounds behind it, from the back to the front */
  function backgrounds(element) {
    if (!element) return ["white"];
    return [...backgrounds(element.parentElement), getComputedStyle(element).backgroundColor];
  }

  /** @param {string} color @param {Element | null} over */
  function contrast(color, over) {
    const behind = backgrounds(over);
    const [darker, lighter] = [luminance(...behind), luminance(...behind, color)].sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  }

  /** @type {Contrast[]} */
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent?.trim();
    if (!text || !element?.checkVisibility() || element.closest(":disabled")) continue;
    texts.push({ what: `${element.tagName} ${text.slice(0, 40)}`, contrast: contrast(getComputedStyle(element).color, element) });
  }

  const fields = [...document.querySelectorAll("input:not([type=checkbox]), select, button:enabled")];
  const edges = fields.map((field) => ({
    what: `the edge of ${field.id}`,
    contrast: contrast(getComputedStyle(field).borderTopColor, field.parentElement),
  }));
  return { texts, edges, scheme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light" };
}
