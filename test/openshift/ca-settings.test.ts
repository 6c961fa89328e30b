import { Duration } from '../../lib';
import { fakeOutput } from '../core/fixtures';
import { newServer, said, specOf } from './installation';

const saidOf = (props: object, version: '1.0' | '1.1' = '1.1') => said(newServer(props, { version }));

test('defaults, and what they are for others', () => {
  const server = newServer();
  expect(specOf(server)).toMatchObject({
    caKeyType: 'ec-p256',
    caSubject: { commonName: 'SPIRE Server CA', country: 'US', organization: 'SPIFFE' },
    caValidity: '24h',
    defaultJWTValidity: '5m',
    defaultX509Validity: '1h',
  });
  expect([server.caValidity.toString(), server.caKeyType, server.signsItself]).toEqual(['24h', 'ec-p256', true]);
});

test('every duration is written as Go reads it', () => {
  const spec = specOf(
    newServer({
      caValidity: Duration.hours(720),
      defaultX509Validity: '90m',
      defaultJwtValidity: '1h30s',
      jwtKeyType: 'rsa-2048',
    }),
  );
  expect([spec.caValidity, spec.defaultX509Validity, spec.defaultJWTValidity, spec.jwtKeyType]).toEqual([
    '720h',
    '1h30m',
    '1h30s',
    'rsa-2048',
  ]);
});

test('durations that the operator cannot decode, or that are none', () => {
  expect([
    ...saidOf({ caValidity: '1 day' }),
    ...saidOf({ caValidity: '1d' }),
    ...saidOf({ defaultX509Validity: '-1h' }),
    ...saidOf({ defaultJwtValidity: '0s' }),
    ...saidOf({ defaultJwtValidity: 300 }),
    ...saidOf({ defaultJwtValidity: fakeOutput() }),
  ]).toMatchInlineSnapshot(`
[
  "caValidity '1 day' is not a duration; write numbers with the units h, m, s, ms, us or ns, such as '1h30m' (svid-ttl)",
  "caValidity '1d' has the unit 'd', which Go does not know; write hours (svid-ttl)",
  "defaultX509Validity '-1h' is negative; write a duration of at least '0s' (svid-ttl)",
  "defaultJwtValidity '0s' is no time at all; write a duration such as '5m' (svid-ttl)",
  "defaultJwtValidity 300 is not text; write a number with a unit, such as '1h30m' (svid-ttl)",
  "defaultJwtValidity is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (svid-ttl)",
]
`);
});

test('lifetimes that do not fit the CA', () => {
  expect([
    ...saidOf({ caValidity: '6h' }),
    ...saidOf({ caValidity: '5h' }),
    ...saidOf({ caValidity: '30m' }),
    ...saidOf({ defaultX509Validity: '25h' }),
    ...saidOf({ defaultX509Validity: '4h', defaultJwtValidity: '4h0m1s' }),
    ...saidOf({ caValidity: '8760h', defaultX509Validity: '200h' }),
  ]).toMatchInlineSnapshot(`
[
  "warning: defaultX509Validity is left at 1h, which is longer than SPIRE can promise with a caValidity of 5h, so that some SVIDs would end earlier; write 50m or less, or a caValidity of 6h or more (svid-ttl)",
  "defaultX509Validity is left at 1h, which is longer than caValidity (30m), which the operator refuses; write 5m or less, or a caValidity of 6h or more (svid-ttl)",
  "defaultX509Validity '25h' is longer than caValidity (24h), which the operator refuses; write 4h or less, or a caValidity of 150h or more (svid-ttl)",
  "warning: defaultJwtValidity '4h1s' is longer than SPIRE can promise with a caValidity of 24h, so that some SVIDs would end earlier; write 4h or less, or a caValidity of 24h6s or more (svid-ttl)",
  "warning: defaultX509Validity '200h' is longer than SPIRE can promise with a caValidity of 8760h, so that some SVIDs would end earlier; write 168h or less; SPIRE promises no more than 168h (svid-ttl)",
]
`);
});

test('the subject is always complete', () => {
  expect(specOf(newServer({ caSubject: { organization: 'Example Corp' } })).caSubject).toEqual({
    commonName: 'SPIRE Server CA',
    country: 'US',
    organization: 'Example Corp',
  });
});

test('subjects that are refused', () => {
  expect([
    ...saidOf({ caSubject: { country: 'USA' } }),
    ...saidOf({ caSubject: { country: '' } }),
    ...saidOf({ caSubject: { organization: 'a'.repeat(65) } }),
    ...saidOf({ caSubject: { organization: '' } }),
    ...saidOf({ caSubject: { commonName: 'a'.repeat(256) } }),
    ...saidOf({ caSubject: { commonName: 'CA (prod)' } }),
    ...saidOf({ caSubject: { cn: 'a' } }),
    ...saidOf({ caSubject: 'CN=a' }),
    ...saidOf({ caSubject: fakeOutput() }),
    ...saidOf({ caKeyType: 'ed25519' }),
  ]).toMatchInlineSnapshot(`
[
  "caSubject.country 'USA' is not the code of a country; write two capital letters, such as 'US' (ca-subject)",
  "caSubject.country '' is not the code of a country; write two capital letters, such as 'US' (ca-subject)",
  "caSubject.organization 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' has 65 characters; write 1 to 64 (ca-subject)",
  "caSubject.organization '' has 0 characters; write 1 to 64 (ca-subject)",
  "caSubject.commonName 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa… (258 characters) has 256 characters; write 1 to 255 (ca-subject)",
  "caSubject.commonName 'CA (prod)' has characters that ZTWIM 1.1 does not accept; write letters, digits, spaces, '.', '_' and '-' only (ca-subject)",
  "caSubject.cn is not a property; write one of country, organization, commonName (property-unknown)",
  "caSubject 'CN=a' is not an object; write its properties in braces (property-kind)",
  "caSubject is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (ca-subject)",
  "caKeyType 'ed25519' is not a word that is known here; write one of rsa-2048, rsa-4096, ec-p256, ec-p384 (property-kind)",
]
`);
  expect(saidOf({ caSubject: { commonName: 'CA (prod)' } }, '1.0')).toEqual([]);
  expect(saidOf({ caSubject: { commonName: fakeOutput() } })).toEqual([]);
});
