import type { Benchmark, Options, Result } from './benchmark';
import { compareConnections } from './runtime-connections';
import { measureStart } from './runtime-start';
import { buildIfOlder } from './scratch';

/** What verified identities cost a workload: at its start, for each connection and for each request. */
export const runtime: Benchmark = {
  summary: 'start of a workload and size of its bundle; handshakes, requests and connections against plain mutual TLS',

  async run(options: Options): Promise<Result> {
    buildIfOlder();
    const parts = [await measureStart(options), await compareConnections(options)];
    return {
      tables: parts.flatMap(({ tables }) => tables),
      data: Object.assign({}, ...parts.map(({ data }) => data)) as Result['data'],
    };
  },
};
