import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf, recordOf } from '../../lib/image';
import { recordText } from '../../lib/image-build/record';
import { newFolder, removeFolders } from '../synth/fixtures';

afterEach(removeFolders);

const PARTS = {
  digest: digestOf('image'),
  repository: 'registry.example.com/shop/server',
  node: '/usr/local/bin/node',
  entry: 'src/server.ts',
  settings: digestOf('settings'),
  inputs: [{ path: 'src/server.ts', sha256: digestOf('text').slice(7) }],
};

test('a record is read as it was meant, with paths from the folder of the image', () => {
  const project = realpathSync(newFolder());
  const folder = join(project, 'images', 'server');
  const text = recordText(folder, { ...PARTS, project });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'spirekit.json'), text);
  expect(recordOf(folder)).toEqual({
    ...PARTS,
    schema: 'spirekit/image/1',
    project: '../..',
    inputs: { 'src/server.ts': digestOf('text') },
  });
  expect(text.endsWith('}\n')).toBe(true);
});

test('by a link, it is the same', () => {
  const project = realpathSync(newFolder());
  const link = join(realpathSync(newFolder()), 'link');
  symlinkSync(project, link);
  const folder = (root: string) => join(root, 'images', 'server');
  expect(recordText(folder(link), { ...PARTS, project })).toBe(recordText(folder(project), { ...PARTS, project }));
});
