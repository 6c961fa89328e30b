import { type Colour, PALETTE, styleOf, type Tone } from '../../../lib/federation/pictures/palette';
import { contrast, type Rgb, rgb } from './contrast';

const GROUNDS: readonly Colour[] = ['ground', 'panel', 'kubernetes-fill', 'openshift-fill', 'external-fill'];
const SCHEMES: readonly (keyof Tone)[] = ['light', 'dark'];

describe.each(SCHEMES)('in %s surroundings', (scheme) => {
  const of = (colour: Colour): Rgb => rgb(PALETTE[colour][scheme]);

  test.each(GROUNDS)('texts can be read on %s', (ground) => {
    for (const colour of ['ink', 'muted'] as const) {
      expect({ colour, readable: contrast(of(colour), of(ground)) >= 4.5 }).toEqual({ colour, readable: true });
    }
  });

  test('texts can be read on what marks findings, and on bars', () => {
    for (const colour of ['error', 'warning', 'web', 'spiffe'] as const) {
      expect({ colour, readable: contrast(of('on-mark'), of(colour)) >= 4.5 }).toEqual({ colour, readable: true });
    }
  });

  test.each(['web', 'spiffe', 'none', 'error', 'warning', 'kubernetes', 'openshift', 'external'] as const)(
    'lines of the colour %s can be seen',
    (colour) => {
      for (const ground of ['ground', 'panel'] as const) {
        expect(contrast(of(colour), of(ground))).toBeGreaterThanOrEqual(3);
      }
    },
  );
});

test('the style stays in the picture, and says every colour without a variable first', () => {
  const style = styleOf(['.spirekit .own{fill:none}']);
  const selectors = [...style.replace('<style>', '').matchAll(/(?:^|\})([^{}@]+)\{/gm)].flatMap(([, list = '']) =>
    list.split(','),
  );
  expect(selectors.length).toBeGreaterThan(30);
  expect(selectors.filter((selector) => !selector.trim().startsWith('.spirekit'))).toEqual([]);
  for (const [, property, name] of style.matchAll(/(fill|stroke):var\(--sk-([\w-]+)\)/g)) {
    expect(style).toContain(`${property}:${PALETTE[name as Colour].light};${property}:var(--sk-${name})`);
  }
  expect(style).not.toMatch(/url\(|@import|@font-face/);
});
