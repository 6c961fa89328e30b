import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpstreamDefinitions } from '../support/definitions';
import { ClusterFolder } from '../support/manifests';
import { tryOut } from './scenario';

const BASELINE = { 'pod-security.kubernetes.io/enforce': 'baseline' };
const LABELS = { app: 'open' };
const CONTAINERS = [{ name: 'main', image: 'example.com/main:1' }];

function deployment(name: string, replicas: number): object {
  const template = { metadata: { labels: LABELS }, spec: { hostNetwork: true, containers: CONTAINERS } };
  const spec = { replicas, selector: { matchLabels: LABELS }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'strict' }, spec };
}

/** A wave in which everything is wrong that an API server can show. */
const WAVE = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'strict', labels: BASELINE } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'forgotten', namespace: 'elsewhere' } },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'misspelt', namespace: 'strict' }, dat: {} },
  { apiVersion: 'example.com/v1', kind: 'Unheard', metadata: { name: 'one' } },
  { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata: { name: 'one', namespace: 'strict' }, spec: {} },
  deployment('open', 1),
  // Twice the same name: each apply changes what the one before has made.
  deployment('twice', 0),
  deployment('twice', 1),
];

/** The removal takes it away, though it shall stay. */
const SHARED = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shared' } };

const folder = mkdtempSync(join(tmpdir(), 'spirekit-broken-'));

beforeAll(() => {
  writeFileSync(join(folder, '10-broken.yaml'), WAVE.map((object) => JSON.stringify(object)).join('\n---\n'));
  writeFileSync(join(folder, '05-prerequisites.yaml'), JSON.stringify(SHARED));
  writeFileSync(join(folder, 'remove.sh'), 'kubectl delete namespace strict shared\n');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Without this, the tests of the examples would say nothing: each of their lists can be other than empty.
test('whatever is wrong with a cluster is in the report', async () => {
  expect(await tryOut(new ClusterFolder(folder), new UpstreamDefinitions(), 5)).toMatchInlineSnapshot(`
{
  "changed": [
    "Deployment strict/twice.metadata.generation: 2 became 4",
  ],
  "foreign": [
    "issuers.cert-manager.io",
  ],
  "inVain": [
    "Error from server (NotFound): namespaces "strict" not found
Error from server (NotFound): namespaces "shared" not found
",
    "Error from server (NotFound): namespaces "strict" not found
Error from server (NotFound): namespaces "shared" not found
",
  ],
  "left": [
    "ConfigMap elsewhere forgotten",
  ],
  "lost": [
    "Namespace shared",
  ],
  "namespaces": [
    "elsewhere",
  ],
  "podless": [
    "Deployment strict/open",
    "Deployment strict/twice",
    "Error creating: pods is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)",
  ],
  "refused": [
    "Warning: would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)",
    "resource mapping not found for name: "one" namespace: "" from "STDIN": no matches for kind "Unheard" in version "example.com/v1"",
    "ensure CRDs are installed first",
    "Error from server: failed to create typed patch object (strict/misspelt; /v1, Kind=ConfigMap): .dat: field not declared in schema",
  ],
  "taken": 7,
}
`);
});
