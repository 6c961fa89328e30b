/*
 * Where SPIRE and Kubernetes give up, in bytes and in numbers of things.
 */

const MIB = 1024 * 1024;

/**
 * Longest message that a client of gRPC takes, where nobody has told it otherwise: so workloads, and so agents.
 *
 * @see https://github.com/grpc/grpc-go/blob/v1.76.0/clientconn.go
 */
export const GRPC_MESSAGE = 4 * MIB;

/**
 * Longest request that etcd takes, so that no object is greater.
 *
 * @see https://etcd.io/docs/v3.6/dev-guide/limit/
 */
export const ETCD_REQUEST = 1.5 * MIB;

/**
 * What the annotations of an object may take together. `kubectl apply` keeps the object itself in one, unless it applies on
 * the server's side.
 *
 * @see https://github.com/kubernetes/apimachinery/blob/v0.34.2/pkg/api/validation/objectmeta.go
 */
export const ANNOTATIONS = 256 * 1024;

/**
 * How many entries the controller manager asks its server for at a time; the answer is one message.
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/v0.7.0/pkg/spireapi/batch.go
 */
export const ENTRIES_AT_A_TIME = 200;

/**
 * Calls per second of agents at one server in the largest row that SPIRE's sizing table has: 5000 agents on two servers,
 * each of which asks for its entries and for the own bundle every 5 seconds.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/scaling_spire.md#deployment-sizing-considerations
 */
export const SIZED_CALLS = 1000;

/**
 * How long a server's question for one bundle has taken at worst in the largest deployment that has published it: 3500
 * agents on one database.
 *
 * @see https://github.com/spiffe/spire/issues/1351
 */
export const SLOWEST_BUNDLE = 0.048;
