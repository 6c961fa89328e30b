import { readFileSync } from 'node:fs';
import { CHECKS } from '../../../lib/verify';
import { VERIFY_DOC, verifyDoc } from '../../../scripts/verify-doc';

test('ids are given once, in their order', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(ids.every((id) => /^V\d\d$/.test(id))).toBe(true);
});

test('a check that another one is referred to is there', () => {
  const ids = new Set(CHECKS.map(({ id }) => id));
  const texts = CHECKS.flatMap(({ proves, causes }) => [proves, ...causes]).join(' ');
  for (const [id] of texts.matchAll(/V\d\d/g)) expect(ids).toContain(id);
});

test('placeholders are those that are filled', () => {
  const known = ['context', 'namespace', 'pod', 'container', 'server', 'trustDomain', 'peer', 'url'];
  for (const { next } of CHECKS) {
    for (const [, name] of next.matchAll(/\{(\w+)\}/g)) expect(known).toContain(name);
  }
});

// Subcommands and flags of spire-server 1.15.3.
const SUBCOMMANDS = [
  'bundle list',
  'bundle show',
  'bundle delete',
  'federation list',
  'federation refresh',
  'federation show',
  'localauthority x509 show',
];

test('commands of the server exist', () => {
  for (const { next } of CHECKS) {
    const [, command] = /\{server\} ([a-z0-9 ]+?)(?: -|$)/.exec(next) ?? [];
    if (command !== undefined) expect(SUBCOMMANDS).toContain(command);
  }
});

test('docs/verify.md is what the checks say; npm run docs:verify writes it', () => {
  const text = readFileSync(VERIFY_DOC, 'utf8');
  expect(text).toBe(verifyDoc(text));
});
