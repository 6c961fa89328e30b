// Runs as a program of its own: makes images by the arguments in its own argument, and what waits for each; says with what each fails.
// An engine would be given these errors where they are handled nowhere, which jest does not let happen.
import * as pulumi from '@pulumi/pulumi';
import { type DockerBuildProps, dockerBuildArgs, ImageBuild, type ImageBuildArgs } from '../../lib/pulumi';

const errors = new Set<unknown>();
process.on('unhandledRejection', (error) => {
  errors.add(error);
  process.exitCode = 1; // as Pulumi ends then
});
process.on('exit', () => {
  const said = [...errors].map((error) => {
    const { message, resource, hideStack } = error as { message: string; resource?: unknown; hideStack?: boolean };
    const isAtImage = pulumi.ResourceError.isInstance(error) && resource instanceof ImageBuild;
    return { message, isAtImage, hideStack };
  });
  process.stdout.write(JSON.stringify(said));
});

class Waits extends pulumi.CustomResource {}

/** One image waits for another, and a resource for both. */
function waitingFor(args: ImageBuildArgs): object {
  const image = new ImageBuild('image', args);
  const repository = image.reference.apply((reference) => `${reference.split('@')[0]}-2`);
  const other = new ImageBuild('other', { ...args, repository });
  return { spec: { images: [image.reference, other.reference] } };
}

async function main(): Promise<void> {
  const mocks: pulumi.runtime.Mocks = {
    call: ({ inputs }) => inputs,
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
  };
  await pulumi.runtime.setMocks(mocks, 'project', 'dev', false);
  const [by, args = ''] = process.argv.slice(2);
  const waited =
    by === 'docker'
      ? dockerBuildArgs(JSON.parse(args) as DockerBuildProps)
      : waitingFor(JSON.parse(args) as ImageBuildArgs);
  new Waits('test:index:Waits', 'waits', { ...waited });
}

void main();
