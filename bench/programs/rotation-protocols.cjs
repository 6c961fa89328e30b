// The protocols of a soak: a server that says which SVID of its client it has verified, and clients that say which SVID of
// the server they have, where the protocol tells.

const { once } = require('node:events');
const https = require('node:https');
const grpc = require('@grpc/grpc-js');
const runtimeGrpc = require('@spirekit/runtime/grpc');
const runtimeHttp = require('@spirekit/runtime/http');
const runtimeHttp2 = require('@spirekit/runtime/http2');

const leafOf = ({ chain: [leaf] }) => leaf.fingerprint;

const protocols = {
  http: {
    serve: (options) =>
      runtimeHttp.createServer(options, (request, response) => response.end(leafOf(runtimeHttp.peer(request)))),
    async connect(options, port) {
      const agent = new runtimeHttp.Agent({ ...options, maxSockets: 1 });
      return {
        async request() {
          const sent = https.get({ agent, host: '127.0.0.1', port, path: '/' });
          const [response] = await once(sent, 'response');
          const { socket } = response;
          return { client: await textOf(response), server: leafOf(runtimeHttp.peer(socket)), connection: socket };
        },
        close: async () => agent.destroy(),
      };
    },
  },

  http2: {
    serve: (options) => {
      const server = runtimeHttp2.createServer(options);
      return server.on('stream', (stream) => stream.end(leafOf(runtimeHttp2.peer(stream))));
    },
    async connect(options, port) {
      const session = await runtimeHttp2.connect(`https://127.0.0.1:${port}`, options);
      return {
        async request() {
          const stream = session.request({ ':path': '/' });
          return { client: await textOf(stream), server: leafOf(runtimeHttp2.peer(session)), connection: session };
        },
        async close() {
          const closed = once(session, 'close');
          session.close();
          await closed;
        },
      };
    },
  },

  grpc: {
    serve: (options) => {
      const server = new grpc.Server();
      server.addService(
        { ask: METHOD },
        { ask: (call, done) => done(null, Buffer.from(leafOf(runtimeGrpc.peer(call)))) },
      );
      return runtimeGrpc.createServer(options, server);
    },
    async connect(options, port) {
      // A pool of its own: the one that clients share would keep what they leave behind for some seconds.
      const client = new grpc.Client(`127.0.0.1:${port}`, runtimeGrpc.clientCredentials(options), {
        'grpc.use_local_subchannel_pool': 1,
      });
      return {
        request: () =>
          new Promise((resolve, reject) => {
            const { path, requestSerialize, responseDeserialize } = METHOD;
            client.makeUnaryRequest(path, requestSerialize, responseDeserialize, Buffer.alloc(0), (error, answer) =>
              error ? reject(error) : resolve({ client: answer.toString(), connection: client }),
            );
          }),
        close: async () => client.close(),
      };
    },
  },
};

const METHOD = {
  path: '/soak.Soak/Ask',
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes) => bytes,
  requestDeserialize: (bytes) => bytes,
  responseSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
};

async function textOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

module.exports = { protocols };
