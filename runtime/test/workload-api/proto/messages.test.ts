import { create, fromBinary, type JsonObject, toBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import fc from 'fast-check';
import { RPCS } from '../../../src/workload-api/proto/messages';
import { WireError } from '../../../src/workload-api/proto/wire';
import { fuzz } from '../../fuzz';
import {
  JWTBundlesResponseSchema,
  JWTSVIDRequestSchema,
  JWTSVIDResponseSchema,
  ValidateJWTSVIDRequestSchema,
  ValidateJWTSVIDResponseSchema,
  WITBundlesResponseSchema,
  WITSVIDRequestSchema,
  WITSVIDResponseSchema,
  X509BundlesResponseSchema,
  X509SVIDResponseSchema,
} from './workloadapi_pb';

// Our codec against another implementation of the format, generated from the .proto file: in both directions, and on
// broken input.

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const bytes = fc.uint8Array({ maxLength: 40 }).map((value) => Buffer.from(value));
const map = <T>(value: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(fc.oneof(text, fc.constant('__proto__')), value), { maxLength: 4 }).map((all) => new Map(all));

const x509Svid = fc.record({ spiffeId: text, x509Svid: bytes, x509SvidKey: bytes, bundle: bytes, hint: text });
const jwtSvid = fc.record({ spiffeId: text, svid: text, hint: text });
const witSvid = fc.record({ spiffeId: text, witSvid: text, witSvidKey: text, hint: text });
const json = fc
  .dictionary(fc.oneof(text, fc.constant('__proto__')), fc.jsonValue({ maxDepth: 3 }), {
    maxKeys: 5,
    noNullPrototype: true,
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

/** Buffers, maps and objects without a prototype as plain values, so that both implementations can be compared. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('hex');
  }
  if (value instanceof Map) {
    return [...value].map(([key, item]) => [key, plain(item)]);
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([name]) => name !== '$typeName' && name !== '$unknown')
      .map(([name, item]) => [name, plain(item)]);
  }
  return value;
}

/** A map as the generated code wants it. */
function own<T>(values: ReadonlyMap<string, T>): Record<string, T> {
  return Object.fromEntries(values);
}

/** The names of an object with integers first, as JavaScript orders them. */
function ordered<T>(values: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map(Object.entries(own(values)));
}

const svids = fc.array(x509Svid, { maxLength: 3 });

test('FetchX509SVID', () => {
  fuzz(
    fc.property(svids, map(bytes), (list, federated) => {
      const federatedBundles = ordered(federated) as Map<string, Buffer>;
      const ours = RPCS.FetchX509SVID.response.encode({ svids: list, federatedBundles });
      const theirs = create(X509SVIDResponseSchema, { svids: list, federatedBundles: own(federatedBundles) });
      const read = fromBinary(X509SVIDResponseSchema, ours);
      expect(plain({ svids: read.svids, maps: read.federatedBundles })).toEqual(
        plain({ svids: list, maps: federatedBundles }),
      );
      expect(plain(RPCS.FetchX509SVID.response.decode(Buffer.from(toBinary(X509SVIDResponseSchema, theirs))))).toEqual(
        plain({ svids: list, federatedBundles }),
      );
    }),
  );
});

test('lists of certificates that are revoked are skipped', () => {
  const theirs = create(X509SVIDResponseSchema, { crl: [Buffer.from('crl')], svids: [{ spiffeId: 'a' }] });
  const read = RPCS.FetchX509SVID.response.decode(Buffer.from(toBinary(X509SVIDResponseSchema, theirs)));
  expect(read.svids.map(({ spiffeId }) => spiffeId)).toEqual(['a']);
});

test('maps of bundles', () => {
  fuzz(
    fc.property(map(bytes), map(text), (der, jwks) => {
      const bundles = ordered(der) as Map<string, Buffer>;
      const texts = ordered(jwks) as Map<string, string>;
      for (const [kind, schema] of [
        [RPCS.FetchX509Bundles.response, X509BundlesResponseSchema],
        [RPCS.FetchJWTBundles.response, JWTBundlesResponseSchema],
      ] as const) {
        expect(plain(fromBinary(schema, kind.encode({ bundles })).bundles)).toEqual(plain(bundles));
        const theirs = toBinary<typeof schema>(schema, create<typeof schema>(schema, { bundles: own(bundles) }));
        expect(plain(kind.decode(Buffer.from(theirs)))).toEqual([['bundles', plain(bundles)]]);
      }
      const wit = RPCS.FetchWITBundles.response;
      expect(plain(fromBinary(WITBundlesResponseSchema, wit.encode({ bundles: texts })).bundles)).toEqual(plain(texts));
      const theirs = toBinary(WITBundlesResponseSchema, create(WITBundlesResponseSchema, { bundles: own(texts) }));
      expect(plain(wit.decode(Buffer.from(theirs)))).toEqual([['bundles', plain(texts)]]);
    }),
  );
});

test('JWT-SVIDs and WIT-SVIDs', () => {
  const lists = fc.record({ jwt: fc.array(jwtSvid, { maxLength: 3 }), wit: fc.array(witSvid, { maxLength: 3 }) });
  fuzz(
    fc.property(lists, fc.array(text, { maxLength: 3 }), text, ({ jwt, wit }, audience, spiffeId) => {
      const jwtKind = RPCS.FetchJWTSVID.response;
      expect(plain(fromBinary(JWTSVIDResponseSchema, jwtKind.encode({ svids: jwt })).svids)).toEqual(plain(jwt));
      const jwtBytes = toBinary(JWTSVIDResponseSchema, create(JWTSVIDResponseSchema, { svids: jwt }));
      expect(plain(jwtKind.decode(Buffer.from(jwtBytes)).svids)).toEqual(plain(jwt));

      const witKind = RPCS.FetchWITSVID.response;
      expect(plain(fromBinary(WITSVIDResponseSchema, witKind.encode({ svids: wit })).svids)).toEqual(plain(wit));
      const witBytes = toBinary(WITSVIDResponseSchema, create(WITSVIDResponseSchema, { svids: wit }));
      expect(plain(witKind.decode(Buffer.from(witBytes)).svids)).toEqual(plain(wit));

      expect(fromBinary(JWTSVIDRequestSchema, RPCS.FetchJWTSVID.request.encode({ audience, spiffeId }))).toMatchObject({
        audience,
        spiffeId,
      });
      expect(fromBinary(WITSVIDRequestSchema, RPCS.FetchWITSVID.request.encode({ spiffeId }))).toMatchObject({
        spiffeId,
      });
      expect(
        fromBinary(
          ValidateJWTSVIDRequestSchema,
          RPCS.ValidateJWTSVID.request.encode({ audience: spiffeId, svid: spiffeId }),
        ),
      ).toMatchObject({ audience: spiffeId, svid: spiffeId });
    }),
  );
});

test('claims', () => {
  fuzz(
    fc.property(text, json, (spiffeId, claims) => {
      const kind = RPCS.ValidateJWTSVID.response;
      const read = fromBinary(ValidateJWTSVIDResponseSchema, kind.encode({ spiffeId, claims }));
      expect([read.spiffeId, plain(read.claims)]).toEqual([spiffeId, plain(claims)]);
      const theirs = toBinary(
        ValidateJWTSVIDResponseSchema,
        create(ValidateJWTSVIDResponseSchema, { spiffeId, claims }),
      );
      expect(plain(kind.decode(Buffer.from(theirs)))).toEqual([
        ['spiffeId', spiffeId],
        ['claims', plain(claims)],
      ]);
    }),
  );
});

test('a claim named __proto__ is one like any other', () => {
  const claims = JSON.parse('{"__proto__":{"admin":true}}');
  const read = RPCS.ValidateJWTSVID.response.decode(RPCS.ValidateJWTSVID.response.encode({ claims }));
  expect(Object.keys(read.claims ?? {})).toEqual(['__proto__']);
  expect((read.claims as { admin?: boolean }).admin).toBeUndefined();
});

const good = RPCS.FetchX509SVID.response.encode({
  svids: [
    {
      spiffeId: 'spiffe://td/a',
      x509Svid: Buffer.from('c'),
      x509SvidKey: Buffer.from('k'),
      bundle: Buffer.from('b'),
      hint: 'h',
    },
  ],
  federatedBundles: new Map([['spiffe://other', Buffer.from('o')]]),
});

/** Broken messages: any bytes, and good ones with some of theirs changed. */
const broken = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((value) => Buffer.from(value)),
  fc.array(fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })), { maxLength: 3 }).map((changes) => {
    const changed = Buffer.from(good);
    for (const [at, byte] of changes) {
      changed.writeUInt8(byte, at);
    }
    return changed;
  }),
  fc.nat({ max: good.length }).map((end) => good.subarray(0, end)),
);

/**
 * Whether a field that the schema knows comes in another encoding. By the specification that is an unknown field, which is
 * skipped; the other implementation reads it all the same.
 */
function hasOddEncoding(message: Uint8Array, submessages: readonly number[] = [1, 3]): boolean {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field <= 5 && type !== WireType.LengthDelimited) return true;
    if (type !== WireType.LengthDelimited) reader.skip(type, field);
    else {
      const value = reader.bytes();
      if (submessages.includes(field) && hasOddEncoding(value, [])) return true;
    }
  }
  return false;
}

test('throws nothing but WireError, and reads what the other implementation reads', () => {
  let read = 0;
  let refused = 0;
  fuzz(
    fc.property(broken, (message) => {
      let ours: ReturnType<typeof RPCS.FetchX509SVID.response.decode>;
      try {
        ours = RPCS.FetchX509SVID.response.decode(message);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        refused += 1;
        return;
      }
      read += 1;
      let theirs: ReturnType<typeof fromBinary<typeof X509SVIDResponseSchema>> | undefined;
      try {
        theirs = fromBinary(X509SVIDResponseSchema, message);
      } catch {
        // It may be the stricter one.
      }
      if (theirs !== undefined && !hasOddEncoding(message)) {
        expect(plain(ours.svids)).toEqual(plain(theirs.svids));
        expect(plain(ordered(ours.federatedBundles))).toEqual(plain(theirs.federatedBundles));
      }
    }),
    { numRuns: 3_000 },
  );
  // The generator is of use only while it produces both kinds.
  expect(Math.min(read, refused)).toBeGreaterThan(100);
});

test('any bytes are read as claims or refused', () => {
  fuzz(
    fc.property(fc.uint8Array({ maxLength: 60 }), (value) => {
      const wrapped = Buffer.concat([Buffer.from([0x12, value.length]), value]);
      try {
        RPCS.ValidateJWTSVID.response.decode(wrapped);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('claims that are nested without end are refused', () => {
  const list = (depth: number): Buffer => {
    // google.protobuf.Value { list_value { values { … } } }
    let value = Buffer.alloc(0);
    for (let level = 0; level < depth; level += 1) {
      const inner = RPCS.FetchWITSVID.request.encode({ spiffeId: '' });
      value = Buffer.concat([inner, frame(6, frame(1, value))]);
    }
    return frame(2, frame(1, Buffer.concat([frame(1, Buffer.from('a')), frame(2, value)])));
  };
  const frame = (number: number, payload: Buffer): Buffer => {
    const length: number[] = [];
    for (let rest = payload.length; ; rest >>= 7) {
      length.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
      if (rest <= 0x7f) {
        break;
      }
    }
    return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), payload]);
  };
  expect(RPCS.ValidateJWTSVID.response.decode(list(20)).claims).toBeDefined();
  expect(() => RPCS.ValidateJWTSVID.response.decode(list(5_000))).toThrow(WireError);
});
