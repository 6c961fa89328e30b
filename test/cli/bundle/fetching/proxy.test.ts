import { ProxyError, proxyOfEnvironment } from '../../../../lib/cli/bundle/fetching';

const asked = (env: NodeJS.ProcessEnv, url = 'https://bundle.west.example.com/') =>
  proxyOfEnvironment(env)?.(new URL(url))?.href;

test('none', () => {
  expect(proxyOfEnvironment({})).toBeUndefined();
  expect(proxyOfEnvironment({ HTTPS_PROXY: ' ', HTTP_PROXY: 'http://proxy' })).toBeUndefined();
});

test.each([
  [{ HTTPS_PROXY: 'http://user:word@proxy:3128' }, 'http://user:word@proxy:3128/'],
  [{ https_proxy: 'proxy:3128' }, 'http://proxy:3128/'],
  [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'other.com' }, 'http://proxy/'],
  [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '.example.com' }, undefined],
  [{ HTTPS_PROXY: 'http://proxy', no_proxy: 'west.example.com:443' }, undefined],
])('%j', (env, proxy) => {
  expect(asked(env)).toBe(proxy);
});

test('what is on this machine is reached without', () => {
  expect(asked({ HTTPS_PROXY: 'http://proxy' }, 'https://127.0.0.1:8443/')).toBeUndefined();
});

test.each(['https://proxy', 'socks5://proxy:1080', 'http://', 'http://a b'])('%s is no HTTP proxy', (url) => {
  const reading = () => proxyOfEnvironment({ HTTPS_PROXY: url });
  expect(reading).toThrow(ProxyError);
  expect(reading).toThrow(/^HTTPS_PROXY names no HTTP proxy; /);
});
