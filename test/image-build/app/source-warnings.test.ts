import { sourceWarnings } from '../../../lib/image-build/app/source-warnings';

const warnings = (text: string, path = 'src/a.ts') => sourceWarnings(path, text, new Set(['app/views/page.html']));

test('files that are looked for beside the source are warned of, once for each habit', () => {
  expect(
    warnings(`const page = new URL('./page.html', import.meta.url);
const other = new URL("../data.bin", import.meta.url);
readFile(join(__dirname, 'x'));
const load = createRequire(import.meta.url);
`),
  ).toEqual([
    "src/a.ts:1: './page.html' is searched beside the bundle in '/app', where it is not; put it into the image by 'files'",
    "src/a.ts:3: __dirname is '/app' in the image; put what is read there into the image by 'files'",
    'src/a.ts:4: what createRequire loads is not in the image unless it belongs to Node.js; load it by import, or by require itself',
  ]);
});

test.each([
  ['a file that is in the image', "new URL('./views/page.html', import.meta.url)"],
  ['a URL of the network', "new URL('./page', 'https://example.com')"],
  ['the place of the module itself', 'fileURLToPath(import.meta.url)'],
  ['a comment', '// new URL("./page.html", import.meta.url)\n/* __dirname */\n * createRequire()'],
])('%s is not', (_, text) => {
  expect(warnings(text)).toEqual([]);
});

test('packages and data are not looked at', () => {
  expect(warnings('__dirname', 'node_modules/x/index.js')).toEqual([]);
  expect(warnings('"__dirname"', 'src/data.json')).toEqual([]);
});
