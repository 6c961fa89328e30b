import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { type HealthServer, startHealthServer } from '../../src/programs/health-server';

const servers: HealthServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

let reason: string | undefined;

async function startServer(): Promise<HealthServer> {
  const server = await startHealthServer({ host: '127.0.0.1', port: 0 }, () => reason);
  servers.push(server);
  return server;
}

async function ask(port: number, path: string, method = 'GET'): Promise<[number | undefined, string]> {
  const [response] = await once(request({ port, path, method }).end(), 'response');
  let body = '';
  for await (const chunk of response) {
    body += chunk;
  }
  return [response.statusCode, body];
}

test('/live is always 200, /ready with a reason 503', async () => {
  const { port } = await startServer();
  reason = 'there are no files yet';
  expect(await ask(port, '/live')).toEqual([200, 'ok\n']);
  expect(await ask(port, '/ready')).toEqual([503, 'there are no files yet\n']);
  expect(await ask(port, '/ready', 'HEAD')).toEqual([503, '']);
  reason = undefined;
  expect(await ask(port, '/ready?probe=1')).toEqual([200, 'ok\n']);
});

test('there is nothing else', async () => {
  const { port } = await startServer();
  expect(await ask(port, '/')).toEqual([404, 'there are /live and /ready\n']);
  expect(await ask(port, '/ready/../live')).toEqual([404, 'there are /live and /ready\n']);
  expect(await ask(port, '/live', 'POST')).toEqual([405, 'use GET\n']);
});

test('pages of a program stand beside them, made anew each time', async () => {
  let count = 0;
  const page = () => {
    count += 1;
    return { type: 'text/csv', text: `a,${count}\n` };
  };
  const server = await startHealthServer({ host: '127.0.0.1', port: 0 }, () => undefined, { '/table': page });
  servers.push(server);
  const [response] = await once(request({ port: server.port, path: '/table' }).end(), 'response');
  expect([response.headers['content-type'], response.headers['cache-control']]).toEqual(['text/csv', 'no-store']);
  expect(await ask(server.port, '/table?now')).toEqual([200, 'a,2\n']);
  expect(await ask(server.port, '/table', 'HEAD')).toEqual([200, '']);
  expect(await ask(server.port, '/table', 'PUT')).toEqual([405, 'use GET\n']);
  expect(await ask(server.port, '/live')).toEqual([200, 'ok\n']);
  expect(await ask(server.port, '/constructor')).toEqual([404, 'there are /live, /ready and /table\n']);
});

test('it ends although somebody is connected', async () => {
  const server = await startServer();
  const socket = connect(server.port);
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  await server.close();
  await closed;
});

test('an address that is taken', async () => {
  const { port } = await startServer();
  await expect(startHealthServer({ host: '127.0.0.1', port }, () => undefined)).rejects.toMatchObject({
    code: 'listen',
    message: `health server at '127.0.0.1:${port}': listen EADDRINUSE: address already in use 127.0.0.1:${port}; choose another port`,
  });
});
