import { AGENT_SYNC_LIMIT, BUNDLES_AT_A_TIME, sizeText } from '../../core';
import { ANNOTATIONS, ENTRIES_AT_A_TIME, ETCD_REQUEST, GRPC_MESSAGE, SLOWEST_BUNDLE } from '../analysis/ceilings';
import { type IdentityLoad, loadedMembers, type MemberLoad } from '../analysis/load';
import type { Member } from '../model';
import { peersAt } from './identities';
import type { MeshFinding, MeshRule } from './rule';
import { span } from './wording';

const FEWER = 'name only those that the workloads talk to, or let them meet by Topology.gateways()';

/** Nothing is greater than what takes it. */
export const hardLimits: MeshRule = {
  id: 'E36',
  severity: 'error',
  title: 'no identity names more trust domains than can be handed out',
  text: 'A workload gets the certificates of all trust domains that its identity names in one message, of which clients of gRPC take 4 MiB. The object that names them must fit into a request to etcd, and into an annotation where kubectl applies it on its own side. The controller manager asks for entries 200 at a time, in one message. An agent gives up what it has not fetched in 30 seconds, and then nothing of it is renewed; the one beside the federation exporter fetches those of all whom the cluster believes. Sizes are the least that SPIRE makes of them.',
  remedy: FEWER,
  source: 'https://github.com/spiffe/spire-controller-manager/pull/547',
  shownBy: ['spire/federation-ceilings', 'spire/mesh-ceilings', 'apiserver/ceilings'],

  *check(mesh) {
    for (const [member, load] of loadedMembers(mesh)) {
      for (const identity of load.identities) yield* identityFindings(member, identity);
      const slow = syncFinding(load);
      if (slow) yield slow;
    }
  },
};

/** An answer that takes half of a message is too long when twice the keys are in it. */
const NEAR = GRPC_MESSAGE / 2;

type Problem = Pick<MeshFinding, 'severity' | 'message' | 'remedy'>;

function* identityFindings(member: Member, identity: IdentityLoad): Iterable<MeshFinding> {
  const place = peersAt(member, identity.index);
  const head = `names ${identity.federatesWith} trust domains:`;
  const problems = [objectProblem, answerProblem, tokenProblem, entriesProblem].flatMap((problem) => problem(identity));
  for (const { message, ...rest } of problems) yield { ...place, ...rest, message: `${head} ${message}` };
}

function objectProblem({ objectBytes }: IdentityLoad): Problem[] {
  const size = `its object takes ${sizeText(objectBytes)}`;
  if (objectBytes > ETCD_REQUEST) {
    return [{ message: `${size}, and etcd takes requests of ${sizeText(ETCD_REQUEST)}`, remedy: FEWER }];
  }
  if (objectBytes <= ANNOTATIONS) return [];
  const message = `${size}, and kubectl apply keeps it in an annotation, of which there may be ${sizeText(ANNOTATIONS)}`;
  return [{ severity: 'warning', message, remedy: `apply it with --server-side, or ${FEWER}` }];
}

function answerProblem({ x509AnswerBytes }: IdentityLoad): Problem[] {
  if (x509AnswerBytes <= NEAR) return [];
  const size = `the answer with which a workload gets its X509-SVIDs takes ${sizeText(x509AnswerBytes)} at least`;
  const limit = `clients of gRPC take ${sizeText(GRPC_MESSAGE)}`;
  if (x509AnswerBytes > GRPC_MESSAGE) return [{ message: `${size}, and ${limit}: it gets none`, remedy: FEWER }];
  return [
    {
      severity: 'warning',
      message: `${size}, and ${limit}: twice the CAs, as when they are replaced out of turn, are too many`,
      remedy: FEWER,
    },
  ];
}

/** Not every workload asks for them. */
function tokenProblem({ jwtAnswerBytes }: IdentityLoad): Problem[] {
  if (jwtAnswerBytes <= GRPC_MESSAGE) return [];
  const message = `the answer with the keys of JWT-SVIDs takes ${sizeText(jwtAnswerBytes)} at least, and clients of gRPC take ${sizeText(GRPC_MESSAGE)}: whoever asks for it gets none`;
  return [{ severity: 'warning', message, remedy: FEWER }];
}

/** How many pods there are is not known. */
function entriesProblem({ entriesBytes }: IdentityLoad): Problem[] {
  if (entriesBytes <= GRPC_MESSAGE) return [];
  const message = `the entries of ${ENTRIES_AT_A_TIME} pods take ${sizeText(entriesBytes)}, for which the controller manager asks at once, and it takes ${sizeText(GRPC_MESSAGE)}: with so many pods it registers nothing any more`;
  return [
    { severity: 'warning', message, remedy: `${FEWER}, or raise grpc.maxCallRecvMsgSize of the controller manager` },
  ];
}

function syncFinding({ member, federated, exported, callTime }: MemberLoad): MeshFinding | undefined {
  if (callTime === undefined || callTime >= SLOWEST_BUNDLE) return undefined;
  const most = federated + exported;
  const rounds = Math.ceil(most / BUNDLES_AT_A_TIME);
  const exporter = exported === 0 ? '' : `, ${exported} of them by the federation exporter alone`;
  return {
    member,
    severity: 'warning',
    property: 'identities',
    message: `name ${most} trust domains together${exporter}: an agent with pods of all asks for their bundles ${BUNDLES_AT_A_TIME} at a time, ${rounds} times, and gives up after ${span(AGENT_SYNC_LIMIT)}, so that each call may take ${span(AGENT_SYNC_LIMIT)}/${rounds} = ${milliseconds(callTime)}; one has been seen to take ${milliseconds(SLOWEST_BUNDLE)}`,
    remedy: exported === 0 ? FEWER : `${FEWER}, or leave the cluster out of exporter.clusters`,
  };
}

const milliseconds = (seconds: number): string => `${Math.round(seconds * 10_000) / 10}ms`;
