/**
 * Why an image could not be built, read, pushed or pulled: what is wrong, and what to do about it, in one sentence for the
 * user. What was there before is as it was.
 */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}
