import { PulumiStack } from '../support/pulumi';

const stack = new PulumiStack('test/live/pulumi/image-failures', 'image-failures', {
  ...process.env,
  KUBECONFIG: 'none',
});
afterAll(() => stack.discard());

// Where Outputs wait for each other, Node.js could look for minutes, and through gigabytes, who handles an error.
test.each(['preview', 'up'])('%s fails at the resource, with one sentence, and ends', async (command) => {
  const options = command === 'up' ? ['--yes', '--skip-preview'] : [];
  const { status, text } = await stack.try(command, ...options);
  expect(status).not.toBe(0);
  expect(text).toMatch(/spirekit:index:ImageBuild \(first\):\n +error: node 'twenty' is not among the versions known/);
  expect(text).not.toContain('error serializing');
  expect(text).not.toMatch(/^ +at /m);
});
