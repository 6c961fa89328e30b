import { ESTABLISHED } from '../../../lib/synth/plan';
import { ApiServer } from '../support/api-server';

// Why install.sh waits twice for definitions.

/** A kind whose objects can say that they have no conditions, as definitions do before the API server has looked at them. */
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    names: { kind: 'Thing', plural: 'things' },
    scope: 'Cluster',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              status: {
                type: 'object',
                properties: {
                  conditions: {
                    type: 'array',
                    nullable: true,
                    items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
};

let server: ApiServer;
beforeAll(async () => {
  server = await ApiServer.start();
});
afterAll(() => server?.end());

const thing = (conditions: unknown) =>
  JSON.stringify({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'one' }, status: { conditions } });

const [exists, established] = ESTABLISHED.map((what) => `--for=${what}`) as [string, string];

test('of conditions that are null kubectl breaks off; the first wait does not, and ends when there is one', async () => {
  await server.make([DEFINITION]);
  expect(await server.tryKubectl(['create', '-f', '-'], thing(null))).toMatchObject({ status: 0, stderr: '' });
  expect(await server.kubectl('get', 'thing/one', '-o=jsonpath={.status}')).toBe('{"conditions":null}');
  const wait = (what: string, seconds: number) =>
    server.tryKubectl(['wait', what, `--timeout=${seconds}s`, 'thing/one']);
  expect((await wait(established, 60)).stderr).toMatch(/conditions accessor error: <nil> is of the type <nil>/);
  expect((await wait(exists, 1)).stderr).toMatch(/timed out waiting for the condition/);

  const waited = (async () => [await wait(exists, 60), await wait(established, 60)])();
  await server.tryKubectl(['replace', '-f', '-'], thing([{ type: 'Established', status: 'True' }]));
  expect((await waited).map(({ status }) => status)).toEqual([0, 0]);
});
