import { readdirSync, readFileSync } from 'node:fs';
import { pictureFile, pictures } from '../../../scripts/pictures-doc';
import { outside, overlaps, read, textsOf } from './svg';

const drawn = Object.entries(pictures());

test.each(drawn)('docs/images/%s is what would be drawn; npm run docs:pictures writes it', (name, svg) => {
  expect(readFileSync(pictureFile(name), 'utf8')).toBe(svg);
});

test('there is no other picture', () => {
  const svgs = readdirSync(pictureFile('')).filter((name) => name.endsWith('.svg'));
  expect(svgs.sort()).toEqual(drawn.map(([name]) => name).sort());
});

test.each(drawn)('%s is legible', (_, svg) => {
  const root = read(svg);
  const texts = textsOf(root);
  expect({ overlaps: overlaps(texts), outside: outside(root, texts) }).toEqual({ overlaps: [], outside: [] });
});
