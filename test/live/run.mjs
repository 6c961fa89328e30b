#!/usr/bin/env node
// Runs the live tiers: npm run test:live -- [tier…], or single files of them, such as spire/running. With --with-clusters only what
// needs clusters, with --without-clusters the rest: two such runs can go beside each other. With --but=TIER,… not these tiers.
// What lacks its programs or clusters is skipped with one line that says so; with CI=true that is a failure.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { endLeftovers } from './runner/leftovers.mjs';
import { missingFor, withMeans } from './runner/needs.mjs';
import { partsOf, TIERS } from './runner/tiers.mjs';

const HALVES = { '--with-clusters': true, '--without-clusters': false };
const given = [...new Set(process.argv.slice(2))];
const halves = given.filter((word) => Object.hasOwn(HALVES, word));
if (halves.length > 1) {
  console.error(`${halves.join(' and ')} together are all tiers: leave both out`);
  process.exit(2);
}
const LEFT_OUT = '--but=';
const leftOut = given.flatMap((word) => (word.startsWith(LEFT_OUT) ? word.slice(LEFT_OUT.length).split(',') : []));
const asked = given.filter((word) => !halves.includes(word) && !word.startsWith(LEFT_OUT));
const unknown = [
  ...asked.filter((name) => partsOf(name).length === 0),
  ...leftOut.filter((tier) => !Object.hasOwn(TIERS, tier)),
];
if (unknown.length > 0) {
  console.error(`no tier '${unknown.join("', '")}', nor a test file of one; there are:`);
  for (const [tier, { shows }] of Object.entries(TIERS)) console.error(`  ${tier.padEnd(10)} ${shows}`);
  process.exit(2);
}
const env = withMeans(process.env, asked.length > 0);

const skipped = [];
const plan = new Map(); // files by tier
for (const name of asked.length > 0 ? asked : Object.keys(TIERS)) {
  const [tier] = name.split('/');
  if (leftOut.includes(tier)) continue;
  for (const part of partsOf(name)) {
    if (halves.length > 0 && (part.clusters ?? 0) > 0 !== HALVES[halves[0]]) continue;
    const missing = missingFor(part, env);
    if (missing.length > 0) skipped.push(`SKIPPED live tier ${part.label}: ${missing.join('; ')}`);
    else plan.set(tier, [...(plan.get(tier) ?? []), part.files]);
  }
}
for (const line of skipped) console.error(line);
if (skipped.length > 0 && env.CI === 'true') {
  console.error('what is skipped is a failure in CI');
  process.exit(1);
}
if (plan.size === 0) process.exit(0);

// The outputs of all programs, and of pods. Those of a run without a failure go, unless a folder was asked for.
const logs = env.SPIREKIT_LIVE_LOGS ? resolve(env.SPIREKIT_LIVE_LOGS) : mkdtempSync(join(tmpdir(), 'spirekit-live-'));
mkdirSync(logs, { recursive: true });
env.SPIREKIT_LIVE_LOGS = logs;

// What tests make, and cannot remove themselves when they are ended from outside.
const scratch = mkdtempSync(join(tmpdir(), 'spirekit-'));
chmodSync(scratch, 0o755); // as the system's own: some programs run as other users
env.TMPDIR = scratch;

let child;
let ended;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    ended = signal;
    child?.kill(signal);
  });
}

// One after the other: tiers share clusters and the machine.
const results = [];
for (const [tier, files] of plan) {
  console.error(`\n=== live tier '${tier}' (${results.length + 1} of ${plan.size}): ${TIERS[tier].shows}`);
  const begun = Date.now();
  const report = join(logs, `${tier}.json`);
  const status = await jest(files, report, TIERS[tier].beside);
  const left = await endLeftovers(logs);
  if (left > 0) console.error(`ended what was left running: ${left} programs`);
  results.push({ tier, ...verdict(status, report), seconds: Math.round((Date.now() - begun) / 1000) });
  if (ended) break;
}

for (const line of skipped) console.error(line);
for (const { tier, passed, failed, failures, seconds } of results) {
  console.error(`live tier ${tier}: ${failed > 0 ? 'FAILED' : 'passed'}, ${passed + failed} tests in ${seconds} s`);
  for (const name of failures) console.error(`  failed: ${name}`);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
rmSync(scratch, { recursive: true, force: true });
if (ended) console.error(`ended by ${ended}; logs are in ${logs}`);
else if (failed > 0) console.error(`logs of every program and pod are in ${logs}`);
else if (!process.env.SPIREKIT_LIVE_LOGS) rmSync(logs, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || ended ? 1 : 0);

/** Runs test files, so many beside each other; gives the exit status. */
function jest(files, report, beside = 1) {
  const program = join('node_modules', 'jest', 'bin', 'jest.js');
  const cache = join('node_modules', '.cache', 'jest');
  const options = [
    '--selectProjects',
    'live',
    beside > 1 ? `--maxWorkers=${beside}` : '--runInBand',
    `--cacheDirectory=${cache}`,
    '--json',
    `--outputFile=${report}`,
  ];
  return new Promise((done, fail) => {
    child = spawn(process.execPath, [program, ...options, ...files], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', fail);
    child.on('exit', (status) => done(status));
  });
}

/** What the tests of a tier came to; a run that ended otherwise than by a failed test has failed too. */
function verdict(status, report) {
  try {
    const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    const failures = testResults.flatMap(({ name, status: state, assertionResults }) => {
      const failed = assertionResults.filter((result) => result.status === 'failed').map(({ fullName }) => fullName);
      return state === 'failed' && failed.length === 0 ? [`${name} did not run`] : failed;
    });
    return {
      passed: numPassedTests,
      failed: Math.max(numFailedTests, failures.length, status === 0 ? 0 : 1),
      failures,
    };
  } catch {
    return { passed: 0, failed: 1, failures: [`ended with ${status} and no report`] };
  }
}
