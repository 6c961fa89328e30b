import type { Socket } from 'node:net';
import type { CallCredentials, ChannelCredentials, ChannelOptions, experimental } from '@grpc/grpc-js';
import type { ClientIdentityOptions } from '../tls';
import { type ClientSettings, clientSettings } from '../tls/client-options';
import { openConnection } from '../tls/open-connection';
import { grpc } from './grpc-js';

type SecureConnector = experimental.SecureConnector;
type GrpcUri = Parameters<ChannelCredentials['_createSecureConnector']>[0];

/**
 * Credentials for clients of `@grpc/grpc-js`: `new Client(address, clientCredentials({ source, authorize }))`. Each
 * connection presents the SVID that the source has then, and is used only if the server is accepted. Calls to one that
 * is refused end with UNAVAILABLE, the message says why.
 *
 * @param options who the client is and which servers it accepts
 * @throws {@link TlsError} when an option is wrong
 * @throws {@link AuthorizeError} when there is no authorizer
 */
export function clientCredentials(options: ClientIdentityOptions): ChannelCredentials {
  return makeCredentials(clientSettings(options, false));
}

function makeCredentials(settings: ClientSettings): ChannelCredentials {
  const { CallCredentials, ChannelCredentials } = grpc();

  // Within the function, since the class to extend is there only if grpc-js is.
  class SpiffeChannelCredentials extends ChannelCredentials {
    override _isSecure(): boolean {
      return true;
    }

    override _equals(other: ChannelCredentials): boolean {
      return this === other;
    }

    override _createSecureConnector(
      _target: GrpcUri,
      _options: ChannelOptions,
      callCredentials: CallCredentials = CallCredentials.createEmpty(),
    ): SecureConnector {
      return {
        connect: (socket) => secure(socket, settings),
        waitForReady: async () => {},
        getCallCredentials: () => callCredentials,
        destroy: () => {},
      };
    }
  }

  return new SpiffeChannelCredentials();
}

function secure(socket: Socket, settings: ClientSettings): ReturnType<SecureConnector['connect']> {
  const target = { socket, ALPNProtocols: ['h2'], requiredProtocol: 'h2' };
  return new Promise((resolve, reject) => {
    openConnection(target, settings, (error, secured) =>
      secured === undefined ? reject(error) : resolve({ socket: secured, secure: true }),
    );
  });
}
