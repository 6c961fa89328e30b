import { dnsNameProblem } from '../../lib/registration/dns-name';

// By the rules of ValidateLabel in SPIRE 1.15.3 (pkg/common/x509util/dns.go) and its IDNA profile.
test.each(['a.b.c', 'A.b', 'a_b.c', '*.a.b', '1.2.3.4', 'xn--bcher-kva.de', 'a'.repeat(63)])('%s is right', (name) => {
  expect(dnsNameProblem(name)).toBeUndefined();
});

test.each(['', '*', '*.', '*.*.a', 'a.*', 'a.', '.a', 'a..b', '-a.b', 'a-.b', 'ab--c.d', 'ö.de', 'a'.repeat(64)])(
  "'%s' is refused by the server",
  (name) => expect(dnsNameProblem(name)).toBeDefined(),
);

test.each(['a b', 'a/b', 'a:1', '<no value>', ' a', `${'a.'.repeat(126)}aa`])("'%s' is no DNS name", (name) => {
  expect(dnsNameProblem(name)).toBeDefined();
});
