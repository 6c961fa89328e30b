import { Plugin, type PluginProps } from './plugin';

/** Notifiers: what the server tells about a new bundle. A server can have several. */
export class Notifier {
  /** Any, such as `k8sbundle` or an external plugin. SPIRE gives notifiers up in favour of bundle publishers. */
  static custom(props: PluginProps): Plugin<'Notifier', 'server'> {
    return new Plugin('server', 'Notifier', props);
  }
}

/** Credential composers: they change certificates and tokens before they are signed. A server can have several. */
export class CredentialComposer {
  /**
   * Adds an attribute to X509-SVIDs' subjects that is unique for each SPIFFE ID, for readers that need one.
   *
   * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/plugin_server_credentialcomposer_uniqueid.md
   */
  static uniqueId(): Plugin<'CredentialComposer', 'server'> {
    return new Plugin('server', 'CredentialComposer', { name: 'uniqueid' });
  }

  /** Any other, such as an external plugin. */
  static custom(props: PluginProps): Plugin<'CredentialComposer', 'server'> {
    return new Plugin('server', 'CredentialComposer', props);
  }
}
