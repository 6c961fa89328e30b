import { type KubeObject, RESOURCES } from '../kube';
import type { SpireView } from './spire-view';

/** A Route of OpenShift. */
export interface RouteObject extends KubeObject {
  readonly spec?: {
    readonly host?: string;
    readonly path?: string;
    readonly to?: { readonly kind?: string; readonly name?: string };
    readonly tls?: { readonly termination?: string; readonly externalCertificate?: { readonly name?: string } };
  };
  readonly status?: {
    readonly ingress?: readonly {
      readonly host?: string;
      readonly routerName?: string;
      readonly conditions?: readonly {
        readonly type: string;
        readonly status: string;
        readonly reason?: string;
        readonly message?: string;
      }[];
    }[];
  };
}

/** The Routes of a host in the namespace of the member's server; undefined when the cluster knows no Routes. */
export async function routesFor(view: SpireView, host: string): Promise<readonly RouteObject[] | undefined> {
  const { namespace } = await view.installation();
  const all = await view.objects.listIfKnown<RouteObject>(RESOURCES.routes, namespace);
  return all?.filter(({ spec }) => spec?.host === host);
}
