/** How much of what the Workload API sends is taken. Larger messages are refused, as a whole. */
export interface WorkloadApiLimits {
  /**
   * Bytes of one message. It is refused by the length that it announces, before it is read.
   *
   * @default 16777216 (16 MiB)
   */
  readonly messageBytes: number;

  /**
   * SVIDs in one message.
   *
   * @default 100
   */
  readonly svids: number;

  /**
   * Bundles of trust domains in one message. SPIRE hands out some hundreds at most to whoever keeps to gRPC's own 4 MiB.
   *
   * @default 1000
   */
  readonly bundles: number;

  /**
   * Bytes of the bundle of one trust domain.
   *
   * @default 4194304 (4 MiB)
   */
  readonly bundleBytes: number;
}

/** The limits where the user sets none. */
export const DEFAULT_LIMITS: WorkloadApiLimits = Object.freeze({
  messageBytes: 16 * 1024 * 1024,
  svids: 100,
  bundles: 1000,
  bundleBytes: 4 * 1024 * 1024,
});
