/**
 * Thrown by whatever observes when it sees nothing: the check that asked is then `unseen`, with the reason, and all others go on.
 */
export class NotSeen extends Error {
  constructor(
    /** Why nothing was seen, as a sentence without a full stop. */
    message: string,
    /** Where it was looked for. */
    readonly where: string,
    /** The command that shows more or mends it. @default - that of the check */
    readonly next?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
