import { WorkloadApiClient } from '../../../src/workload-api';

// Ends although its watch is open and would go on.
const client = new WorkloadApiClient();
client.watchX509Context({
  onUpdate: () => undefined,
  onError: () => undefined,
});
process.on('exit', () => process.stdout.write('ended'));
