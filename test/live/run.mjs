#!/usr/bin/env node
// Runs the live tiers: npm run test:live -- [tier…]
// A tier whose programs or clusters are missing is skipped with one line that says so; with CI=true that is a failure.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const SPIRE = ['spire-server', 'spire-agent', 'oidc-discovery-provider', 'spiffe-helper'];
// They make a root folder and a loopback network for one test, a certificate, and requests.
const TOOLS = ['unshare', 'nsenter', 'ip', 'openssl', 'curl'];

/** What each tier needs, in the order in which they run. */
const TIERS = {
  crds: { programs: [], clusters: 0, crds: true },
  spire: { programs: [...SPIRE, ...TOOLS], clusters: 0, crds: false },
  runtime: { programs: ['spire-server', 'spire-agent', 'go', 'openssl'], clusters: 0, crds: false },
  apiserver: { programs: ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kubectl'], clusters: 0, crds: true },
  variants: { programs: ['kubectl'], clusters: 1, crds: true },
  cluster: { programs: ['kubectl'], clusters: 1, crds: true },
  pulumi: {
    programs: ['kubectl', 'pulumi', 'pulumi-resource-kubernetes', 'pulumi-language-nodejs'],
    clusters: 1,
    crds: false,
  },
};

const env = { ...process.env };
if (env.SPIREKIT_LIVE_BIN) env.PATH = `${env.SPIREKIT_LIVE_BIN}${delimiter}${env.PATH}`;
env.CDK8S_CHECK_UPGRADE = 'false';

const asked = process.argv.slice(2);
const unknown = asked.filter((tier) => !(tier in TIERS));
if (unknown.length > 0) {
  console.error(`no tier '${unknown.join("', '")}'; there are: ${Object.keys(TIERS).join(', ')}`);
  process.exit(2);
}

const run = [];
const skipped = [];
for (const tier of asked.length > 0 ? asked : Object.keys(TIERS)) {
  const missing = missingFor(TIERS[tier]);
  if (missing.length === 0) run.push(tier);
  else skipped.push(`SKIPPED live tier '${tier}': ${missing.join('; ')}`);
}
for (const line of skipped) console.error(line);
if (skipped.length > 0 && env.CI === 'true') {
  console.error('a skipped tier is a failure in CI');
  process.exit(1);
}
if (run.length === 0) process.exit(0);

// One after the other: tiers share clusters and the machine.
const paths = run.map((tier) => `test/live/${tier}/`);
const jest = join('node_modules', 'jest', 'bin', 'jest.js');
const result = spawnSync(process.execPath, [jest, '--selectProjects', 'live', '--runInBand', ...paths], {
  env,
  stdio: 'inherit',
});
for (const line of skipped) console.error(line);
process.exit(result.status ?? 1);

function missingFor({ programs, clusters, crds }) {
  const missing = programs
    .filter((name) => !onPath(name))
    .map((name) => `no '${name}' on PATH or in SPIREKIT_LIVE_BIN`);
  const configs = (env.SPIREKIT_LIVE_KUBECONFIGS ?? env.KUBECONFIG ?? '').split(',').filter(Boolean);
  if (configs.length < clusters) missing.push('no cluster in SPIREKIT_LIVE_KUBECONFIGS or KUBECONFIG');
  if (crds && !existsSync(env.SPIREKIT_CRDS ?? '')) missing.push('no folder of upstream CRDs in SPIREKIT_CRDS');
  return missing;
}

function onPath(name) {
  return (env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
