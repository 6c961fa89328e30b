import { LocalWorkspace } from '@pulumi/pulumi/automation';
import { deploy, kubernetesProvider } from 'spirekit/pulumi';
import { describeMesh } from '../../../../examples/kubernetes-federation/mesh';

// The mesh of examples/kubernetes-federation by Pulumi's Automation API, as a program of a user's own calls it:
//
//     node --import tsx program.ts up|destroy STACK FOLDER
//
// The environment says where the state is (PULUMI_BACKEND_URL), and the roots (SPIRE_ROOTS). FOLDER keeps the stack's settings.
// At the end stands, on a line of its own, what the command came to.
async function main([command, stackName = '', workDir = '']: readonly string[]): Promise<void> {
  const options = { workDir };
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, projectName: 'spirekit-federation', program },
    options,
  );
  const onOutput = (text: string) => void process.stdout.write(text);
  const { summary } = command === 'up' ? await stack.up({ onOutput }) : await stack.destroy({ onOutput });
  console.log(`\n${JSON.stringify({ result: summary.result, changes: summary.resourceChanges })}`);
}

async function program(): Promise<{ objects: number }> {
  const provider = (context: string) => kubernetesProvider(context, { context });
  const mesh = deploy('federation', (app) => describeMesh(app, process.env.SPIRE_ROOTS), {
    providers: { east: provider('east'), west: provider('west'), lab: provider('lab') },
  });
  return { objects: mesh.resources.length };
}

void main(process.argv.slice(2));
