import { type AnyBundle, BundleSet } from '../bundle';
import { SpiffeId } from '../id';
import { type JwtSvid, validateJwtSvid } from '../jwt';
import type { X509Svid } from '../svid';
import type { RequestOf, ResponseOf } from '../workload-api/proto/messages';
import type { JsonObject } from '../workload-api/proto/struct';
import type { FakeStatus } from './fake-grpc-server';
import { TestAuthority } from './test-authority';

/** What a workload wants a JWT-SVID for. */
export interface FakeJwtRequest {
  readonly audience: readonly string[];
  /** The identity that it asks for; undefined for whatever there is. */
  readonly id?: SpiffeId;
}

/** Makes the JWT-SVIDs that a workload asks for; none to deny it. */
export type FakeJwtIssuer = (request: FakeJwtRequest) => readonly JwtSvid[];

/** A WIT-SVID as it is sent. */
export interface FakeWitSvid {
  readonly id: string;
  readonly token: string;
  readonly key: string;
  readonly hint?: string;
}

/** All that a {@link FakeWorkloadApi} knows. `null` is answered with PermissionDenied. */
export interface WorkloadState {
  /** The X.509-SVIDs of the workload, the default one first. @default null */
  readonly x509: readonly X509Svid[] | null;
  /** The bundles of all trust domains, those of the SVIDs included. @default null */
  readonly bundles: readonly AnyBundle[] | null;
  /** Who issues JWT-SVIDs: an authority, for the ID of the first X.509-SVID, or any function. @default null */
  readonly jwt: TestAuthority | FakeJwtIssuer | null;
  /** The WIT-SVIDs of the workload; undefined is answered with Unimplemented. @default undefined */
  readonly witSvids: readonly FakeWitSvid[] | null | undefined;
  /** JWK sets by the SPIFFE IDs of trust domains; undefined is answered with Unimplemented. @default undefined */
  readonly witBundles: ReadonlyMap<string, string> | null | undefined;
}

/** A call that is answered with a status instead of a message. */
export class FakeDenial extends Error {
  /** @param status the status */
  constructor(readonly status: FakeStatus) {
    super(status.message);
  }
}

const NOTHING = Buffer.alloc(0);
const NO_IDENTITY: FakeStatus = { status: 7, message: 'no identity issued' };

/** Answers to the calls of the Workload API, as they follow from a state. They throw {@link FakeDenial}. */
export const ANSWERS = {
  FetchX509SVID({ x509, bundles }: WorkloadState): ResponseOf<'FetchX509SVID'> {
    const svids = given(x509);
    const set = BundleSet.of(...(bundles ?? []));
    const own = new Set(svids.map(({ id }) => id.trustDomain.name));
    return {
      svids: svids.map((svid) => ({
        spiffeId: svid.id.toString(),
        x509Svid: Buffer.concat(svid.chain.map(({ raw }) => raw)),
        x509SvidKey: svid.privateKey.export({ format: 'der', type: 'pkcs8' }),
        bundle: set.x509BundleFor(svid.id.trustDomain)?.toDer() ?? NOTHING,
        hint: svid.hint ?? '',
      })),
      federatedBundles: x509Bundles(set, (name) => !own.has(name)),
    };
  },

  FetchX509Bundles({ bundles }: WorkloadState): ResponseOf<'FetchX509Bundles'> {
    return { bundles: x509Bundles(BundleSet.of(...given(bundles)), () => true) };
  },

  FetchJWTBundles({ bundles }: WorkloadState): ResponseOf<'FetchJWTBundles'> {
    const set = BundleSet.of(...given(bundles));
    return {
      bundles: new Map(
        set.jwtBundles.map((bundle) => [bundle.trustDomain.idString, Buffer.from(JSON.stringify(bundle))]),
      ),
    };
  },

  FetchJWTSVID(state: WorkloadState, request: RequestOf<'FetchJWTSVID'>): ResponseOf<'FetchJWTSVID'> {
    if (request.audience.length === 0) {
      throw new FakeDenial({ status: 3, message: 'audience must be specified' });
    }
    const asked = { audience: request.audience, ...(request.spiffeId === '' ? {} : { id: idOf(request.spiffeId) }) };
    const svids = given(issuerOf(state))(asked);
    if (svids.length === 0) {
      throw new FakeDenial(NO_IDENTITY);
    }
    return { svids: svids.map(({ id, token, hint = '' }) => ({ spiffeId: id.toString(), svid: token, hint })) };
  },

  ValidateJWTSVID(
    { bundles }: WorkloadState,
    { svid, audience }: RequestOf<'ValidateJWTSVID'>,
  ): ResponseOf<'ValidateJWTSVID'> {
    try {
      const { id, claims } = validateJwtSvid(svid, BundleSet.of(...(bundles ?? [])), { audience });
      return { spiffeId: id.toString(), claims: claims as JsonObject };
    } catch (error) {
      throw new FakeDenial({ status: 3, message: error instanceof Error ? error.message : String(error) });
    }
  },

  FetchWITSVID({ witSvids }: WorkloadState): ResponseOf<'FetchWITSVID'> {
    return {
      svids: given(implemented(witSvids)).map(({ id, token, key, hint = '' }) => ({
        spiffeId: id,
        witSvid: token,
        witSvidKey: key,
        hint,
      })),
    };
  },

  FetchWITBundles({ witBundles }: WorkloadState): ResponseOf<'FetchWITBundles'> {
    return { bundles: new Map(given(implemented(witBundles))) };
  },
} as const;

/** The parts of the state that the streams depend on. */
export const PARTS: Readonly<Record<string, readonly (keyof WorkloadState)[]>> = {
  FetchX509SVID: ['x509', 'bundles'],
  FetchX509Bundles: ['bundles'],
  FetchJWTBundles: ['bundles'],
  FetchWITSVID: ['witSvids'],
  FetchWITBundles: ['witBundles'],
};

function given<T>(part: T | null): T {
  if (part === null) {
    throw new FakeDenial(NO_IDENTITY);
  }
  return part;
}

function implemented<T>(part: T | undefined): T {
  if (part === undefined) {
    throw new FakeDenial({ status: 12, message: 'not implemented' });
  }
  return part;
}

function idOf(text: string): SpiffeId {
  const parsed = SpiffeId.tryParse(text);
  if (!parsed.ok) {
    throw new FakeDenial({ status: 3, message: parsed.error.message });
  }
  return parsed.value;
}

function issuerOf({ jwt, x509 }: WorkloadState): FakeJwtIssuer | null {
  if (!(jwt instanceof TestAuthority)) {
    return jwt;
  }
  return ({ audience, id = x509?.[0]?.id ?? SpiffeId.of(jwt.trustDomain, '/workload') }) =>
    id.memberOf(jwt.trustDomain) ? [jwt.jwtSvid(id.path, { audience })] : [];
}

function x509Bundles(set: BundleSet, isWanted: (trustDomain: string) => boolean): Map<string, Uint8Array> {
  return new Map(
    set.x509Bundles
      .filter(({ trustDomain }) => isWanted(trustDomain.name))
      .map((bundle) => [bundle.trustDomain.idString, bundle.toDer()]),
  );
}
