import { ImageError } from '../../../lib/image';
import { type AppProps, checkAppProps } from '../../../lib/image-build/app/app-props';

const props: AppProps = { entry: 'src/server.ts', platforms: ['linux/amd64', 'linux/arm64'] };

test('what types allow is accepted', () => {
  expect(() => checkAppProps(props)).not.toThrow();
  const define = { __VERSION__: '"1"', 'process.env.COLOR': '"red"', $a: '1' };
  const more = { nodeMajor: 26, sourceMap: true, define, files: [] };
  expect(() => checkAppProps({ ...props, ...more })).not.toThrow();
});

test.each<[object, string]>([
  [{ entry: '' }, "entry: '' is no path; name the program's first file, such as 'src/server.ts'"],
  [{ entry: undefined }, "entry: undefined is no path; name the program's first file, such as 'src/server.ts'"],
  [{ entry: 'a\0b' }, "entry: 'a\\u{0}b' is no path; name the program's first file, such as 'src/server.ts'"],
  [
    { platforms: [] },
    "platforms: is no list with a platform in it; write one or more of 'linux/amd64' and 'linux/arm64'",
  ],
  [
    { platforms: ['linux/s390x'] },
    "platforms: 'linux/s390x' is no platform that images are built for; use 'linux/amd64' and 'linux/arm64'",
  ],
  [{ nodeMajor: 18 }, "nodeMajor '18': is no major version from 20 on; write one, such as 24"],
  [{ nodeMajor: '24' }, "nodeMajor '24': is no major version from 20 on; write one, such as 24"],
  [{ define: { A: 1 } }, `define: is no object of texts; write one, such as { __VERSION__: '"1.2.3"' }`],
  [{ define: { 'a b': '1' } }, "define: 'a b' is no name; write one, such as '__VERSION__' or 'process.env.COLOR'"],
  [{ files: {} }, "files: is no list; write one, such as [{ from: 'public', to: 'public' }]"],
])('%j is refused', (change, message) => {
  expect(() => checkAppProps({ ...props, ...change } as AppProps)).toThrow(new ImageError(message));
});
