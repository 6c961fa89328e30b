import { WorkloadApiClient } from '../../../src/workload-api';

// Ends by itself when its call is answered, without closing the client.
new WorkloadApiClient().fetchX509Context().then(({ svids }) => process.stdout.write(`fetched ${svids[0]?.id}`));
