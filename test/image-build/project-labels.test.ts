import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectLabels } from '../../lib/image-build/project-labels';
import { newFolder, removeFolders } from '../synth/fixtures';

afterEach(removeFolders);

test.each([
  [
    {
      name: 'shop',
      version: '1.2.3',
      description: 'A shop',
      license: 'MIT',
      homepage: 'https://shop.example',
      main: 'x',
    },
    {
      'org.opencontainers.image.title': 'shop',
      'org.opencontainers.image.version': '1.2.3',
      'org.opencontainers.image.description': 'A shop',
      'org.opencontainers.image.licenses': 'MIT',
      'org.opencontainers.image.url': 'https://shop.example',
    },
  ],
  [{ name: '', version: 5, license: { type: 'MIT' } }, {}],
  [null, {}],
  [[], {}],
  ['{', {}],
])('of %j', (manifest, labels) => {
  const folder = newFolder();
  writeFileSync(join(folder, 'package.json'), manifest === '{' ? manifest : JSON.stringify(manifest));
  expect(projectLabels(folder)).toEqual(labels);
});

test('without a package.json', () => {
  expect(projectLabels(newFolder())).toEqual({});
});
