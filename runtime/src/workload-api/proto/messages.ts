import { bytes, Message, map, messages, text, texts, type ValueOf } from './message';
import { struct } from './struct';

// The messages of `workloadapi.proto`, field by field.

const x509Svid = new Message({
  spiffeId: text(1),
  x509Svid: bytes(2),
  x509SvidKey: bytes(3),
  bundle: bytes(4),
  hint: text(5),
});

const jwtSvid = new Message({ spiffeId: text(1), svid: text(2), hint: text(3) });

const witSvid = new Message({ spiffeId: text(1), witSvid: text(2), witSvidKey: text(3), hint: text(4) });

const nothing = new Message({});

/** The `crl` fields are left out: nothing is revoked by them, and unknown fields are skipped. */
const x509SvidResponse = new Message({ svids: messages(1, x509Svid), federatedBundles: map(3, bytes(2)) });

const x509BundlesResponse = new Message({ bundles: map(2, bytes(2)) });

const jwtSvidRequest = new Message({ audience: texts(1), spiffeId: text(2) });

const jwtSvidResponse = new Message({ svids: messages(1, jwtSvid) });

const jwtBundlesResponse = new Message({ bundles: map(1, bytes(2)) });

const validateJwtSvidRequest = new Message({ audience: text(1), svid: text(2) });

const validateJwtSvidResponse = new Message({ spiffeId: text(1), claims: struct(2) });

const witSvidRequest = new Message({ spiffeId: text(1) });

const witSvidResponse = new Message({ svids: messages(1, witSvid) });

const witBundlesResponse = new Message({ bundles: map(1, text(2)) });

/** The calls of the Workload API: what is asked, and what comes back, once or as a stream. */
export const RPCS = {
  FetchX509SVID: { request: nothing, response: x509SvidResponse, stream: true },
  FetchX509Bundles: { request: nothing, response: x509BundlesResponse, stream: true },
  FetchJWTSVID: { request: jwtSvidRequest, response: jwtSvidResponse, stream: false },
  FetchJWTBundles: { request: nothing, response: jwtBundlesResponse, stream: true },
  ValidateJWTSVID: { request: validateJwtSvidRequest, response: validateJwtSvidResponse, stream: false },
  FetchWITSVID: { request: witSvidRequest, response: witSvidResponse, stream: true },
  FetchWITBundles: { request: nothing, response: witBundlesResponse, stream: true },
} as const;

/** The name of a call of the Workload API. */
export type Rpc = keyof typeof RPCS;

/** What a call is asked with. */
export type RequestOf<R extends Rpc> = ValueOf<(typeof RPCS)[R]['request']>;

/** What a call answers. */
export type ResponseOf<R extends Rpc> = ValueOf<(typeof RPCS)[R]['response']>;

/** @param rpc the name of a call */
export function rpcPath(rpc: Rpc): string {
  return `/SpiffeWorkloadAPI/${rpc}`;
}
