// Runs in the browser: what it has made of the picture in the page. Gives plain data.

/** Rectangle of an element, in pixels of the page. */
function rectangleOf(element) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { left, right, top, bottom };
}

/** What lies below the middle of a text: the colours that cover it, the nearest first, with their opacities. */
function groundsOf(text) {
  const { left, right, top, bottom } = text.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return document
    .elementsFromPoint(x, y)
    .filter((element) => element.closest('svg') && !element.closest('text') && element.localName !== 'svg')
    .map((element) => getComputedStyle(element))
    .filter(({ fill }) => fill !== 'none')
    .map(({ fill, fillOpacity }) => ({ fill, opacity: Number(fillOpacity) }));
}

/** The box in which a text has to stay, if it is in one; plates with findings stand out of theirs. */
function boxOf(text) {
  if (text.classList.contains('badge')) return undefined;
  const box = text.closest('g')?.querySelector(':scope > .box');
  const inside = box && rectangleOf(box).right > rectangleOf(text).left;
  return inside ? rectangleOf(box) : undefined;
}

globalThis.measure = () => {
  const svg = document.querySelector('svg');
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent !== '');
  return {
    picture: rectangleOf(svg),
    texts: texts.map((text) => {
      text.scrollIntoView({ block: 'center', inline: 'center' });
      const grounds = groundsOf(text);
      const { fill, fontSize } = getComputedStyle(text);
      const scale = Math.hypot(text.getScreenCTM().a, text.getScreenCTM().b);
      return { text: text.textContent, fill, grounds, size: Number.parseFloat(fontSize) * scale };
    }),
    // In one go, for the page has been scrolled meanwhile.
    places: (() => {
      scrollTo(0, 0);
      return texts.map((text) => ({ text: text.textContent, ...rectangleOf(text), box: boxOf(text) }));
    })(),
    bounds: rectangleOf(svg),
  };
};
