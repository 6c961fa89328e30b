import { Checks } from '../config/checks';
import { Plugin, type PluginProps } from './plugin';

/** Properties of `KeyManager.disk`. */
export interface DiskKeyManagerProps {
  /**
   * Absolute path of the file with the private keys.
   *
   * @default '/run/spire/data/keys.json'
   */
  readonly path?: string;
}

/** Key managers of the server: where the private keys of the authority are kept. A server has exactly one. */
export class KeyManager {
  /**
   * A file on the server's data volume.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_keymanager_disk.md
   */
  static disk(props: DiskKeyManagerProps = {}): Plugin<'KeyManager', 'server'> {
    const path = props.path ?? '/run/spire/data/keys.json';
    const checks = new Checks();
    checks.absolutePath('path', path);
    return new Plugin('server', 'KeyManager', {
      name: 'disk',
      data: { keys_path: path },
      traits: { needsDataVolume: true },
      findings: checks.findings,
    });
  }

  /**
   * Keys are lost with the process: every restart makes a new authority, whose certificate all agents have to learn first.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_keymanager_memory.md
   */
  static memory(): Plugin<'KeyManager', 'server'> {
    return new Plugin('server', 'KeyManager', { name: 'memory', traits: { keysInMemory: true } });
  }

  /** Any other, such as `aws_kms` or an external plugin. */
  static custom(props: PluginProps): Plugin<'KeyManager', 'server'> {
    return new Plugin('server', 'KeyManager', props);
  }
}

/** Properties of `AgentKeyManager.disk`. */
export interface AgentDiskKeyManagerProps {
  /**
   * Absolute path of the directory for the agent's private key.
   *
   * @default '/run/spire/data'
   */
  readonly directory?: string;
}

/** Key managers of the agent: where the agent's own private key is kept. An agent has exactly one. */
export class AgentKeyManager {
  /**
   * The agent attests anew after each restart, which needs a node attestor that allows it, such as `k8s_psat`.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_agent_keymanager_memory.md
   */
  static memory(): Plugin<'KeyManager', 'agent'> {
    return new Plugin('agent', 'KeyManager', { name: 'memory', traits: { keysInMemory: true } });
  }

  /**
   * A file in the agent's data directory, which must outlive the pod.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_agent_keymanager_disk.md
   */
  static disk(props: AgentDiskKeyManagerProps = {}): Plugin<'KeyManager', 'agent'> {
    const directory = props.directory ?? '/run/spire/data';
    const checks = new Checks();
    checks.absolutePath('directory', directory);
    return new Plugin('agent', 'KeyManager', {
      name: 'disk',
      data: { directory },
      traits: { needsDataVolume: true },
      findings: checks.findings,
    });
  }

  /** Any other, such as an external plugin. */
  static custom(props: PluginProps): Plugin<'KeyManager', 'agent'> {
    return new Plugin('agent', 'KeyManager', props);
  }
}
