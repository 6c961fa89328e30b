import { X509Source } from '@spirekit/runtime';
import { id, memberOf } from '@spirekit/runtime/authorize';
import { createServer, fetch, peerId } from '@spirekit/runtime/http';

const port = Number(process.env.PORT ?? 8443);
const source = await X509Source.create(); // asks where SPIFFE_ENDPOINT_SOCKET says

const server = createServer({ source, authorize: memberOf('east.example.com') }, (request, response) => {
  response.end(`hello ${peerId(request)}\n`);
}).listen(port);

const payments = id('spiffe://east.example.com/ns/shop/sa/payments');
const answer = await fetch(`https://localhost:${port}/`, { source, authorize: payments });
console.log(await answer.text());

server.close();
