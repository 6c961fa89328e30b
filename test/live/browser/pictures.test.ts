import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { caTimelineSvg, meshSvg, servingChainsSvg } from '../../../lib/federation';
import { alphaOf, contrast, over, type Rgb, rgb } from '../../federation/pictures/contrast';
import { chainsMesh, findingsIn, meshOf, type Shape, timesMesh } from '../../federation/pictures/fixtures';
import { logFolder } from '../support/logs';
import { type Look, type Measured, measure, PictureBrowser, type Place } from './browser';

const mesh = (count: number, shape: Shape) => {
  const given = meshOf(count, shape);
  return meshSvg(given, { title: `${shape}, ${count} members`, findings: findingsIn(given) });
};

const PICTURES: readonly (readonly [name: string, svg: string])[] = [
  ['mesh-3', mesh(3, 'full')],
  ['mesh-12', mesh(12, 'full')],
  ['mesh-12-hub', mesh(12, 'hub')],
  ['mesh-12-gateways', mesh(12, 'gateways')],
  ['mesh-20', mesh(20, 'full')],
  ['mesh-40', mesh(40, 'full')],
  ['mesh-40-groups', mesh(40, 'groups')],
  ['mesh-60', mesh(60, 'full')],
  ['mesh-1000', mesh(1000, 'hub')],
  ['serving-chains', servingChainsSvg(chainsMesh())],
  ['ca-timeline', caTimelineSvg(timesMesh())],
];

const SCHEMES = ['light', 'dark'] as const;
const WIDTHS = [480, 1024, 1920];
const LOOKS: readonly Look[] = SCHEMES.flatMap((scheme) => WIDTHS.map((width) => ({ scheme, width })));

/** A picture in which everything is wrong that is looked for. */
const BROKEN = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100" viewBox="0 0 400 100">
<rect width="400" height="100" fill="#fff"/>
<g><rect class="box" x="20" y="10" width="60" height="30" fill="#eee"/><text x="30" y="30" font-size="12">too long for it</text></g>
<text x="20" y="80" font-size="12" fill="#aaa">pale</text>
<text x="25" y="82" font-size="12">above</text>
<text x="200" y="80" font-size="6">small</text>
<text x="370" y="80" font-size="12">outside</text>
<image href="http://127.0.0.1:1/font" width="1" height="1"/>
</svg>`;

/** Smallest letters, in pixels, of those pictures that are meant to be looked at as they are. */
const LEGIBLE = 8.5;

let browser: PictureBrowser;
beforeAll(async () => {
  browser = await PictureBrowser.start();
});
afterAll(() => browser?.end());

describe.each(PICTURES)('%s', (name, svg) => {
  let seen: { look: Look; measured: Measured }[];
  beforeAll(async () => {
    seen = [];
    for (const look of LOOKS) {
      const measured = await browser.show(svg, look, async (page) => {
        const path = join(logFolder(), `browser-${name}-${look.scheme}-${look.width}.png`);
        await page.screenshot({ path, fullPage: true });
        return measure(page);
      });
      seen.push({ look, measured });
    }
  });

  /** What is wrong, of all looks. */
  const problems = (find: (measured: Measured, look: Look) => string[]): string[] =>
    seen.flatMap(({ look, measured }) => find(measured, look).map((it) => `${look.scheme} ${look.width}: ${it}`));

  test('no text lies on another, and all are in the picture', () => {
    expect(problems((it) => [...overlaps(it), ...leaving(it)])).toEqual([]);
    for (const { measured } of seen) expect(measured.texts.length).toBeGreaterThan(3);
  });

  test('texts stay in their boxes', () => {
    expect(problems(beyond)).toEqual([]);
  });

  test('every text can be told from what it stands on', () => {
    expect(problems(pale)).toEqual([]);
  });

  test('letters can be read at 1024 pixels and more', () => {
    const isMeantFor = ({ width }: Look): boolean => width >= 1024 && !/-(60|1000)$/.test(name);
    expect(problems((it, look) => (isMeantFor(look) ? small(it) : []))).toEqual([]);
  });

  test('bright and dark are different', () => {
    const fills = SCHEMES.map((scheme) => seen.find(({ look }) => look.scheme === scheme)?.measured.texts[0]?.fill);
    expect(new Set(fills).size).toBe(2);
  });
});

describe('by itself', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spirekit-pictures-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(PICTURES)('%s is a document, and an image, that asks nobody for anything', async (name, svg) => {
    const file = join(folder, `${name}.svg`);
    writeFileSync(file, svg);
    const look = { scheme: 'light', width: 1920 } as const;
    const address = pathToFileURL(file).href;
    const alone = await browser.open(address, look, async (page) => {
      const root = await page.evaluate('[document.documentElement.localName, document.title]');
      return { root, measured: await measure(page) };
    });
    expect(alone.asked).toEqual([address]);
    expect(alone.result.root).toEqual(['svg', expect.stringMatching(/\S/)]);
    // At its own size.
    expect(Math.min(...alone.result.measured.texts.map(({ size }) => size))).toBeCloseTo(11, 1);

    const page = join(folder, `${name}.html`);
    writeFileSync(page, `<!doctype html><link rel="icon" href="data:,"><img src="${name}.svg" alt="">`);
    const image = await browser.open(pathToFileURL(page).href, look, (shown) =>
      shown.evaluate('[document.images[0].complete, document.images[0].naturalWidth > 300]'),
    );
    expect(image.result).toEqual([true, true]);
    expect(image.asked.filter((url) => !/^data:/.test(url)).sort()).toEqual([pathToFileURL(page).href, address].sort());
  });
});

test('what is wrong is found', async () => {
  const look = { scheme: 'light', width: 1024 } as const;
  const measured = await browser.show(BROKEN, look, measure);
  expect([overlaps, leaving, beyond, pale, small].map((find) => find(measured))).toEqual([
    ['pale × above'],
    ['outside leaves the picture'],
    ['too long for it'],
    [expect.stringMatching(/^pale: rgb\(170, 170, 170\) on 255,255,255 is 2\.32$/)],
    ['small: 6'],
  ]);
  const { asked } = await browser.open(`data:image/svg+xml,${encodeURIComponent(BROKEN)}`, look, async () => {});
  expect(asked).toContain('http://127.0.0.1:1/font');
});

test('who points at a member sees its lines alone', async () => {
  const opacities = await browser.show(mesh(12, 'full'), { scheme: 'light', width: 1024 }, async (page) => {
    const opacity =
      "[...document.querySelectorAll('.edge')].map((it) => [getComputedStyle(it).opacity, it.classList.contains('m1')])";
    const before = await page.evaluate(opacity);
    await page.hover('.b1 .name');
    return { before, after: await page.evaluate(opacity) } as Record<string, [string, boolean][]>;
  });
  expect(new Set(opacities.before?.map(([value]) => value))).toEqual(new Set(['1']));
  expect(opacities.after?.map(([value]) => value)).toEqual(opacities.after?.map(([, own]) => (own ? '1' : '0.1')));
});

/** Pixels by which letters may touch what is beside them: fonts are rounded to the screen. */
const EDGE = 0.75;

function overlaps({ places }: Measured): string[] {
  return places.flatMap((a, index) =>
    places
      .slice(index + 1)
      .filter(
        (b) => a.left < b.right - EDGE && b.left < a.right - EDGE && a.top < b.bottom - EDGE && b.top < a.bottom - EDGE,
      )
      .map((b) => `${a.text} × ${b.text}`),
  );
}

const isIn = (inner: Place, { left, right, top, bottom }: Place): boolean =>
  inner.left >= left - EDGE && inner.right <= right + EDGE && inner.top >= top - EDGE && inner.bottom <= bottom + EDGE;

const leaving = ({ places, bounds }: Measured): string[] =>
  places.filter((it) => !isIn(it, bounds)).map(({ text }) => `${text} leaves the picture`);

const beyond = ({ places }: Measured): string[] =>
  places.filter((it) => it.box && !isIn(it, it.box)).map(({ text }) => text);

/** Texts with less contrast than is asked for, to all that lies below them together. */
function pale({ texts }: Measured): string[] {
  return texts.flatMap(({ text, fill, grounds }) => {
    const ground = grounds.reduceRight<Rgb>(
      (below, it) => over(rgb(it.fill), it.opacity * alphaOf(it.fill), below),
      [127, 127, 127],
    );
    const ratio = contrast(rgb(fill), ground);
    return grounds.length > 0 && ratio >= 4.5 ? [] : [`${text}: ${fill} on ${ground} is ${ratio.toFixed(2)}`];
  });
}

const small = ({ texts }: Measured): string[] =>
  texts.filter(({ size }) => size < LEGIBLE).map(({ text, size }) => `${text}: ${size}`);
