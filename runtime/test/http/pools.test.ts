import { any, federated, id, memberOf, oneOf, within } from '../../src/authorize';
import { fetch } from '../../src/http';
import { poolsOfSource } from '../../src/http/fetch';
import { closeAfterEach, until } from '../tls/support';
import { greeter } from './support';

closeAfterEach();

test('authorizers that are written inline share a pool, wrapped ones too', async () => {
  const { clientSource, url } = await greeter();
  const inline = [
    () => federated(any()),
    () => within(['own.test', 'foreign.test'], any()),
    () => federated(within(['own.test'], federated(any()))),
    () => oneOf('spiffe://own.test/server'),
  ];
  for (let round = 0; round < 5; round += 1) {
    for (const authorize of inline) {
      await (await fetch(url, { source: clientSource, authorize: authorize() })).text();
    }
  }
  expect(poolsOfSource(clientSource).size).toBe(inline.length);
});

test('authorizers with functions have pools of their own, and one that is kept has one', async () => {
  const { clientSource, url } = await greeter();
  const kept = () => undefined;
  const wide = federated(kept);
  for (let round = 0; round < 3; round += 1) {
    await (await fetch(url, { source: clientSource, authorize: wide })).text();
    await fetch(url, { source: clientSource, authorize: kept }).catch(() => {});
  }
  expect(poolsOfSource(clientSource).size).toBe(2);
});

test('an authorizer for each request has no more than a hundred pools kept, and no request is lost', async () => {
  const { clientSource, url, requests, server } = await greeter();
  const authorizers = Array.from({ length: 120 }, (_, index) =>
    oneOf('spiffe://own.test/server', `spiffe://own.test/n${index}`),
  );
  const texts = await Promise.all(
    authorizers.map(async (authorize) => await (await fetch(url, { source: clientSource, authorize })).text()),
  );
  expect(texts).toEqual(Array(120).fill('hello spiffe://foreign.test/client'));
  expect(requests).toHaveLength(120);
  expect(poolsOfSource(clientSource).size).toBe(100);
  // The connections of those that were evicted end by themselves.
  let open = 120;
  await until(() => {
    server.getConnections((_, count) => {
      open = count;
    });
    return open <= 100;
  });
});

test('the pool that was not used for the longest time goes first', async () => {
  const { clientSource, url, connections } = await greeter();
  const get = async (authorize: ReturnType<typeof any>) =>
    await (await fetch(url, { source: clientSource, authorize, maxConnectionAgeMs: 60_000 })).text();
  await get(memberOf('own.test'));
  for (let index = 0; index < 99; index += 1) {
    await fetch('https://127.0.0.1:1/', { source: clientSource, authorize: id(`spiffe://own.test/${index}`) }).catch(
      () => {},
    );
  }
  await get(memberOf('own.test'));
  await fetch('https://127.0.0.1:1/', { source: clientSource, authorize: id('spiffe://own.test/last') }).catch(
    () => {},
  );
  await get(memberOf('own.test'));
  expect(connections()).toBeLessThanOrEqual(2);
});
