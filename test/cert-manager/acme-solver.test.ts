import { AcmeSolver, type Dns01Provider } from '../../lib/cert-manager';
import { solverFindings, solverSpec } from '../../lib/cert-manager/acme-solver';
import { lineOf, NONSENSE, untyped } from './support';

const lines = (solver: unknown) => solverFindings('solver', solver).map(lineOf);

test('in the words of cert-manager', () => {
  const provider = { webhook: { groupName: 'acme.example.com', solverName: 'dns' } };
  expect([
    solverSpec(AcmeSolver.http01()),
    solverSpec(AcmeSolver.http01(), 'nginx'),
    solverSpec(AcmeSolver.http01({ ingressClassName: 'traefik' }), 'nginx'),
    solverSpec(AcmeSolver.dns01(provider), 'nginx'),
  ]).toEqual([
    { http01: { ingress: {} } },
    { http01: { ingress: { ingressClassName: 'nginx' } } },
    { http01: { ingress: { ingressClassName: 'traefik' } } },
    { dns01: provider },
  ]);
});

test('what is wrong with a solver', () => {
  expect([
    ...lines(AcmeSolver.http01({ ingressClassName: 'azure/application-gateway' })),
    ...lines(AcmeSolver.http01(untyped({ class: 'nginx', ingressClassName: 1 }))),
    ...lines(AcmeSolver.dns01(untyped<Dns01Provider>(undefined))),
    ...lines({ http01: {} }),
    ...lines('http01'),
  ]).toMatchInlineSnapshot(`
[
  "error issuer-solver: solver.ingressClassName 'azure/application-gateway' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part",
  "error property-unknown: solver.class is not a property; write one of ingressClassName",
  "error issuer-solver: solver.ingressClassName 1 is not text; write it in quotes",
  "error issuer-solver: solver.provider is not a DNS provider; write one with its settings, such as { cloudflare: { apiTokenSecretRef: { name: 'dns', key: 'token' } } }",
  "error issuer-solver: solver is not a solver; write AcmeSolver.http01() or AcmeSolver.dns01(provider)",
  "error issuer-solver: solver is not a solver; write AcmeSolver.http01() or AcmeSolver.dns01(provider)",
]
`);
});

test('right ones pass', () => {
  const provider: Dns01Provider = { digitalocean: { tokenSecretRef: { name: 'dns', key: 'token' } } };
  const solvers = [AcmeSolver.http01(), AcmeSolver.http01({ ingressClassName: 'nginx' }), AcmeSolver.dns01(provider)];
  expect(solvers.flatMap(lines)).toEqual([]);
});

test.each(NONSENSE)('nonsense is found: %p', (value) => {
  expect(lines(value)).toHaveLength(1);
  expect(lines(AcmeSolver.dns01(value as Dns01Provider)).length).toBeGreaterThan(0);
  expect(() => AcmeSolver.http01(value as object)).not.toThrow();
});
