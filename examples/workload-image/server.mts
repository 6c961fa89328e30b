// Serves whom CLIENTS names, by mutual TLS, and ends in good order when it is told to.
import { X509Source } from '@spirekit/runtime';
import { oneOf } from '@spirekit/runtime/authorize';
import { createServer, peerId } from '@spirekit/runtime/http';

const clients = (process.env.CLIENTS ?? '').split(' ').filter(Boolean);
const port = Number(process.env.PORT ?? 8443);

const source = await X509Source.create();
const server = createServer({ source, authorize: oneOf(...clients) }, (request, response) => {
  const peer = `${peerId(request)}`;
  console.log(`served ${peer}`);
  response.end(`hello ${peer}\n`);
});
server.on('tlsClientError', (error) => console.log(`refused: ${error.message}`));
server.listen(port, () => console.log(`${source.x509Svid().id} serves at ${port}`));

process.once('SIGTERM', () => {
  console.log('ends');
  server.close(() => process.exit(0)); // when whoever waits was answered
});
