import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as id from '../../src/id';

const SOURCES = join(__dirname, '../../src/id');

/** The module once more, as when two versions of the package are installed. */
function anotherCopy(): typeof id {
  let copy: typeof id | undefined;
  jest.isolateModules(() => {
    copy = require('../../src/id');
  });
  return copy as typeof id;
}

test('exports', () => {
  expect(Object.keys(id).sort()).toEqual([
    'IdError',
    'MAX_ID_LENGTH',
    'MAX_TRUST_DOMAIN_LENGTH',
    'SpiffeId',
    'TrustDomain',
    'matchAny',
    'matchId',
    'matchMemberOf',
    'matchOneOf',
  ]);
});

test('has no dependency, not even on Node.js', () => {
  for (const file of readdirSync(SOURCES)) {
    const imports = [
      ...readFileSync(join(SOURCES, file), 'utf8').matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g),
    ];
    expect(imports.map((match) => match[1]).filter((name) => !name?.startsWith('./'))).toEqual([]);
  }
});

test('values of another copy of the package are as good as its own', () => {
  const other = anotherCopy();
  expect(other.TrustDomain).not.toBe(id.TrustDomain);
  const td = other.TrustDomain.parse('td');
  const web = other.SpiffeId.parse('spiffe://td/web');
  expect(td).not.toBeInstanceOf(id.TrustDomain);

  expect(id.TrustDomain.is(td)).toBe(true);
  expect(id.TrustDomain.is(web)).toBe(false);
  expect(id.SpiffeId.is(web)).toBe(true);
  expect(id.SpiffeId.is(td)).toBe(false);

  expect(id.TrustDomain.parse('td').equals(td)).toBe(true);
  expect(id.TrustDomain.parse('td').compare(td)).toBe(0);
  expect(id.SpiffeId.of(td, '/web').equals(web)).toBe(true);
  expect(id.SpiffeId.parse('spiffe://td/web').memberOf(td)).toBe(true);
  expect(id.matchId(web)(id.SpiffeId.parse('spiffe://td/web'))).toBeUndefined();
  expect(id.matchOneOf(web)(id.SpiffeId.parse('spiffe://td/web'))).toBeUndefined();
  expect(id.matchMemberOf(td)(id.SpiffeId.parse('spiffe://td/web'))).toBeUndefined();
  expect(id.matchAny()(web)).toBeUndefined();
});

test('errors of another copy of the package are recognised', () => {
  const result = anotherCopy().SpiffeId.tryParse('td');
  expect(result.ok).toBe(false);
  expect(!result.ok && id.IdError.is(result.error)).toBe(true);
  expect(!result.ok && result.error instanceof id.IdError).toBe(false);
});

test('either class may be loaded first', () => {
  for (const first of ['trust-domain', 'spiffe-id', 'matcher', 'id-error', 'rules']) {
    jest.isolateModules(() => {
      require(`../../src/id/${first}`);
      const { SpiffeId, TrustDomain } = require('../../src/id') as typeof id;
      expect(TrustDomain.parse('spiffe://td/a').id.equals(SpiffeId.parse('spiffe://td'))).toBe(true);
    });
  }
});
