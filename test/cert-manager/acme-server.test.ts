import { isPrivateName, publicServer, serverProblem } from '../../lib/cert-manager/acme-server';

test.each([
  ['https://acme-v02.api.letsencrypt.org/directory', { staging: false, accountBinding: false }],
  ['https://acme-staging-v02.api.letsencrypt.org/directory', { staging: true, accountBinding: false }],
  ['https://dv.acme-v02.api.pki.goog/directory', { staging: false, accountBinding: true }],
  ['https://dv.acme-v02.test-api.pki.goog/directory', { staging: true, accountBinding: true }],
  ['https://api.buypass.com/acme/directory', { staging: false, accountBinding: false }],
  ['https://api.test4.buypass.no/acme/directory', { staging: true, accountBinding: false }],
  ['https://acme.zerossl.com/v2/DV90', { staging: false, accountBinding: true }],
  ['https://ACME-V02.api.letsencrypt.org:443/directory', { staging: false, accountBinding: false }],
  ['https://acme-v02.api.letsencrypt.org.evil.example/directory', undefined],
  ['https://ca.example.com/acme/acme/directory', undefined],
  ['nonsense', undefined],
])('what is known of %s', (url, known) => {
  expect(publicServer(url)).toEqual(known);
});

test.each([
  ['https://ca.example.com:9000/acme/acme/directory', undefined],
  ['http://ca.example.com/directory', 'is not an https URL, which ACME requires'],
  ['ca.example.com', 'is not a URL'],
  ['https://', 'is not a URL'],
  ['https://user:secret@ca.example.com/', 'has a user name or password in it'],
])('%s as a server', (url, message) => {
  expect(serverProblem(url)?.message).toBe(message);
});

test('names of private networks', () => {
  const names = {
    private: ['localhost', 'step-ca', 'ca.cluster.local', 'a.svc', 'a.Internal', '10.0.0.1', '[::1]', 'pc.lan'],
    public: ['example.com', 'local.example.com', 'a.dev', 'xn--bcher-kva.example', '1.example.com'],
  };
  expect(names.private.filter((name) => !isPrivateName(name))).toEqual([]);
  expect(names.public.filter(isPrivateName)).toEqual([]);
});
