import type { Benchmark, Options, Result } from './benchmark';
import { buildIfOlder } from './scratch';
import { compareCommand } from './synth-command';
import { compareGroups } from './synth-groups';
import { compareRegistrations } from './synth-registrations';

/** What a synth costs, and how stock cdk8s does the same work. */
export const synth: Benchmark = {
  summary: 'cdk8s synth of the quickstart, of many registration objects, and of chained dependency groups',

  async run(options: Options): Promise<Result> {
    buildIfOlder();
    const parts = [await compareCommand(options), await compareRegistrations(options), await compareGroups(options)];
    return {
      tables: parts.flatMap(({ tables }) => tables),
      data: Object.assign({}, ...parts.map(({ data }) => data)) as Result['data'],
    };
  },
};
