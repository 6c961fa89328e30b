import * as pulumi from '@pulumi/pulumi';
import { ImageError } from '../image';

/** Why an image cannot be had, as Pulumi shows it: the text alone, at the resource if there is one. */
class ImageFailure extends pulumi.ResourceError {
  constructor(text: string, resource: pulumi.Resource | undefined) {
    super(text, resource, true);
    // Pulumi puts the name of each property in front that waits for the image, and our sentence would begin in the middle.
    Object.defineProperty(this, 'message', { get: () => text, set: () => undefined });
    // It prints the error with all that it leads to as well, which is without end where resources wait for each other.
    Object.defineProperty(this, 'resource', { value: resource, enumerable: false });
  }
}

/** An error as Pulumi is given it: of what the user can mend, the text is enough. */
export function imageFailure(error: unknown, resource?: pulumi.Resource): unknown {
  return error instanceof ImageError ? new ImageFailure(error.message, resource) : error;
}
