// Answers a request when it is told to, by SIGUSR2, so that a test can end it while somebody waits.
import { once } from 'node:events';
import { X509Source } from '@spirekit/runtime';
import { oneOf } from '@spirekit/runtime/authorize';
import { createServer } from '@spirekit/runtime/http';

const port = Number(process.env.PORT);
const told = once(process, 'SIGUSR2');
const source = await X509Source.create();
const server = createServer({ source, authorize: oneOf(process.env.CLIENTS ?? '') }, async (_, response) => {
  console.log('was asked');
  await told;
  response.end('answered at last\n');
});
server.listen(port, () => console.log(`${source.x509Svid().id} serves at ${port}`));

process.once('SIGTERM', () => {
  console.log('ends');
  server.close(() => process.exit(0)); // when whoever waits was answered
});
