import { WorkloadApiClient } from '../../../src/workload-api';

// Waits for the first update, through errors, and ends after it although the watch is open.
const client = new WorkloadApiClient({ backoff: { initialMs: 5, maxMs: 5 } });
const watch = client.watchX509Context({
  onUpdate: ({ svids }) => {
    process.stdout.write(`update ${svids[0]?.id}`);
    watch.unref();
  },
  onError: ({ code }) => process.stdout.write(`${code} `),
});
watch.ref();
