/** How the library calls what the command has options for, where it says what to do. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/ by 'npmRegistry'/g, ' by --npm-registry'],
  [/ by 'debianMirrors'/g, ' by --debian-mirror'],
  [/ by 'cacheFolder'/g, ' by --cache'],
  [/^npmRegistry(?= ')/g, '--npm-registry'],
  [/^debianMirrors\[\d+\](?= ')/g, '--debian-mirror'],
  [/^option 'ca'/g, '--ca'],
  [/ pass its certificate as 'ca'/g, ' name its certificate by --ca'],
  [/ pass 'plainHttp: true'/g, ' add --plain-http'],
  [/ leave out 'plainHttp'/g, ' leave out --plain-http'],
];

/** A sentence of the library for whoever has typed a command. */
export function inOptions(message: string): string {
  return WORDS.reduce((text, [word, option]) => text.replace(word, option), message);
}
