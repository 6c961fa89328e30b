import { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { TestAuthority } from '@spirekit/runtime/testing';
import { endOfTrust, fetchedEvery, heldBundle, servedBundle } from '../../../lib/verify/observe/bundle';
import { eastHeld, eastOwn, westOwn } from '../recorded';

test('the own bundle of a real server', () => {
  const { x509, jwt, ...rest } = eastOwn();
  expect(rest).toEqual({ trustDomain: 'east.example.com', refreshHint: 0, sequence: 1 });
  expect(x509.map(({ der: _, ...each }) => each)).toEqual([
    {
      fingerprint: '1e70f475a4ded42652ecce6e879997e92138746c41acf406fc96537cec0a3435',
      authorityId: 'c333ec2cda15ecc8ae17c5851f22a85d72dcecea',
      notBefore: new Date('2026-11-29T15:10:13Z'),
      notAfter: new Date('2026-11-29T16:10:23Z'),
      tainted: false,
    },
  ]);
  expect(jwt).toEqual([
    { keyId: 'WLzc7uH9sv5NEgt10K0mXKBOt8qlSbNW', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), tainted: false },
  ]);
});

test('a fetched one, and the same with a second authority', () => {
  expect(eastHeld()).toMatchObject({ trustDomain: 'west.example.com', refreshHint: 60, sequence: 0 });
  expect(westOwn().x509.map(({ authorityId }) => authorityId)).toEqual([
    expect.any(String),
    '65042edb85d240d8eddf2a342d17f3adf7956be5', // as `localauthority x509 prepare` called it
  ]);
});

test('what a server holds and what it serves is the same', () => {
  const authority = new TestAuthority('east.example.com');
  const bundle = authority.bundle();
  const served = servedBundle(SpiffeBundle.parse(TrustDomain.parse('east.example.com'), String(bundle)));
  const held = heldBundle({
    trust_domain: 'east.example.com',
    x509_authorities: bundle.x509.authorities.map(({ raw }) => ({ asn1: raw.toString('base64') })),
    jwt_authorities: bundle.jwt.authorities.map(({ keyId, publicKey }) => ({
      key_id: keyId,
      public_key: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    })),
  });
  expect([served.x509, served.jwt].map((all) => all.map(({ fingerprint }) => fingerprint))).toEqual(
    [held.x509, held.jwt].map((all) => all.map(({ fingerprint }) => fingerprint)),
  );
});

test('several certificates behind each other', () => {
  const [one, other] = [new TestAuthority('a.example.com'), new TestAuthority('a.example.com')];
  const [first, second] = [one, other].map((each) => each.x509Bundle().toDer());
  const asn1 = Buffer.concat([first as Buffer, second as Buffer]).toString('base64');
  expect(heldBundle({ x509_authorities: [{ asn1 }] }).x509).toHaveLength(2);
});

test('an empty answer is an empty bundle', () => {
  expect(heldBundle({})).toEqual({ trustDomain: '', x509: [], jwt: [], refreshHint: 0, sequence: 0 });
  expect(endOfTrust(heldBundle({}))).toBeUndefined();
});

test('trust ends with the last authority', () => {
  expect(endOfTrust(westOwn())).toEqual(new Date('2026-11-29T16:10:59Z'));
});

test('a server fetches a bundle by its hint, else by the shortest lifetime in it', () => {
  const own = eastOwn();
  const [authority] = own.x509;
  expect(fetchedEvery({ ...own, refreshHint: 300 })).toBe(75);
  expect(fetchedEvery({ ...own, refreshHint: 5 })).toBe(15);
  // An hour, and the ten seconds before.
  expect(fetchedEvery(own)).toBe(3610 / 40);
  const notAfter = new Date('2036-11-29T15:10:13Z');
  expect(fetchedEvery({ ...own, x509: [{ ...(authority as NonNullable<typeof authority>), notAfter }] })).toBe(
    (3653 * 24 * 3600) / 40,
  );
  expect(fetchedEvery({ x509: [], refreshHint: 0 })).toBe(15);
});
