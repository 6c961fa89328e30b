// Calls SERVER_URL again and again, and expects SERVER_ID there.
import { setTimeout as sleep } from 'node:timers/promises';
import { X509Source } from '@spirekit/runtime';
import { id } from '@spirekit/runtime/authorize';
import { fetch } from '@spirekit/runtime/http';

const url = process.env.SERVER_URL ?? 'https://localhost:8443/';
const authorize = id(process.env.SERVER_ID ?? '');
process.once('SIGTERM', () => process.exit(0));

const source = await X509Source.create();
console.log(`${source.x509Svid().id} calls ${url}`);
for (;;) {
  try {
    const answer = await fetch(url, { source, authorize, signal: AbortSignal.timeout(5_000) });
    console.log((await answer.text()).trim());
  } catch (error) {
    const { message, cause } = error as Error;
    console.log(`no answer: ${cause instanceof Error ? cause.message : message}`);
  }
  await sleep(2_000);
}
