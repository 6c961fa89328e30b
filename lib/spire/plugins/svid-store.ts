import { Plugin, type PluginProps } from './plugin';

/** SVID stores: where the agent puts identities of programs that cannot ask for them. An agent can have several. */
export class SvidStore {
  /** Any, such as `aws_secretsmanager` or an external plugin. */
  static custom(props: PluginProps): Plugin<'SVIDStore', 'agent'> {
    return new Plugin('agent', 'SVIDStore', props);
  }
}
