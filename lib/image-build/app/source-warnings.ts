import { installedFolderOf } from './packages';

/** What a source does with places that are others in the image. */
const HABITS: readonly { readonly pattern: RegExp; readonly says: (found: RegExpExecArray) => string }[] = [
  {
    pattern: /\bnew\s+URL\(\s*(['"`])(\.{1,2}\/[^'"`]+)\1\s*,\s*import\.meta\.url\s*\)/g,
    says: ([, , path]) =>
      `'${path}' is searched beside the bundle in '/app', where it is not; put it into the image by 'files'`,
  },
  {
    pattern: /\b(?:__dirname|import\.meta\.dirname)\b/g,
    says: ([name]) => `${name} is '/app' in the image; put what is read there into the image by 'files'`,
  },
  {
    pattern: /\bcreateRequire\s*\(/g,
    says: () =>
      'what createRequire loads is not in the image unless it belongs to Node.js; load it by import, or by require itself',
  },
];

/**
 * What in a source of the project may look for files that are not in the image. Packages are not looked at: most of it is never
 * come to.
 *
 * @param path relative to the project folder
 * @param places the files in the image, such as `app/views/page.html`
 */
export function sourceWarnings(path: string, text: string, places: ReadonlySet<string>): string[] {
  if (installedFolderOf(path) !== undefined || !/\.[cm]?[jt]sx?$/.test(path)) return [];
  return HABITS.flatMap(({ pattern, says }) => {
    // One for each habit and file is enough to make somebody look.
    for (const found of text.matchAll(pattern)) {
      const url = found[2];
      if (url !== undefined && places.has(new URL(url, 'file:///app/main.mjs').pathname.slice(1))) continue;
      if (isComment(text, found.index)) continue;
      return [`${path}:${lineOf(text, found.index)}: ${says(found)}`];
    }
    return [];
  });
}

/** Whether a place is in a line that begins as a comment, which is where nearly all of them are. */
function isComment(text: string, index: number): boolean {
  return /^\s*(?:\/\/|\/?\*)/.test(text.slice(text.lastIndexOf('\n', index - 1) + 1, index));
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;
