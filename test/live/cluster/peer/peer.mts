// A workload of the live tests: serves and calls others with the identities that its SPIRE gives it, by @spirekit/runtime.
// What each command finds is one line of JSON on standard output.
import { get } from 'node:https';
import { BundleSource, JwtSource, X509Source } from '@spirekit/runtime';
import { id, oneOf } from '@spirekit/runtime/authorize';
import { Agent, createServer, peerId } from '@spirekit/runtime/http';
import { validateJwtSvid } from '@spirekit/runtime/jwt';

const say = (line: object): void => console.log(JSON.stringify(line));
const messageOf = (error: unknown): string => {
  const { name, message, cause } = error as Error;
  return cause === undefined ? `${name}: ${message}` : messageOf(cause);
};

/** Sends a request over a connection of its own, and gives the answer's body. */
function ask(url: string, agent: Agent): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: 30_000 }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('error', reject).on('end', () => {
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`status ${response.statusCode}: ${body}`));
      });
    });
    request.on('error', reject).on('timeout', () => request.destroy(new Error('no answer within 30 s')));
  });
}

const commands: Readonly<Record<string, (...args: string[]) => Promise<void>>> = {
  /** Serves those whom it names, for ever. */
  async serve(port = '8443', ...callers) {
    const source = await X509Source.create();
    const server = createServer({ source, authorize: oneOf(...callers) }, (request, response) => {
      response.end(`hello ${peerId(request)}`);
    });
    server.on('tlsClientError', (error) => say({ refused: messageOf(error) }));
    server.listen(Number(port), () => say({ serves: `${source.x509Svid().id}` }));
    process.on('SIGTERM', () => process.exit(0));
  },

  /** Calls a server again and again over new connections, for ever; tells of each failure, and every second of the successes. */
  async repeat(url = '', server = '') {
    const source = await X509Source.create();
    const agent = new Agent({ source, authorize: id(server), keepAlive: false });
    process.on('SIGTERM', () => process.exit(0));
    let calls = 0;
    for (let said = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      try {
        await ask(url, agent);
        calls += 1;
      } catch (error) {
        say({ time: new Date().toISOString(), failed: messageOf(error), healthy: source.healthy });
      }
      if (Date.now() - said < 1000) continue;
      said = Date.now();
      say({ time: new Date().toISOString(), calls });
    }
  },

  /** Calls a server once. */
  async call(url = '', server = '') {
    const source = await X509Source.create();
    const agent = new Agent({ source, authorize: id(server), keepAlive: false });
    say(
      await ask(url, agent).then(
        (answer) => ({ answer }),
        (error) => ({ error: messageOf(error) }),
      ),
    );
    await source.close();
  },

  /** Tells who it is, and whose bundles it has. */
  async identity() {
    const source = await X509Source.create();
    const svid = source.x509Svid();
    say({
      id: `${svid.id}`,
      svids: source.svids.length,
      trustDomains: source.trustDomains.map(({ name }) => name).sort(),
    });
    await source.close();
  },

  /** Gets a JWT-SVID. */
  async token(audience = '') {
    const source = await JwtSource.create();
    say({ token: (await source.jwtSvid({ audience })).token });
    await source.close();
  },

  /** Validates a JWT-SVID by the bundles that it has. */
  async validate(token = '', audience = '') {
    const source = await BundleSource.create();
    try {
      say({ id: `${validateJwtSvid(token, source, { audience }).id}` });
    } catch (error) {
      say({ error: messageOf(error) });
    }
    await source.close();
  },
};

const [command = '', ...args] = process.argv.slice(2);
const run = commands[command];
if (!run) throw new Error(`no command '${command}'; there are: ${Object.keys(commands).join(', ')}`);
await run(...args);
