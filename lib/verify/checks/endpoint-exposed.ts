import type { EndpointCheck, EndpointSubject } from '../check';
import { isReady, type Pod } from '../discovery/pods';
import { placeOf } from '../endpoint/sight';
import { type KubeObject, RESOURCES } from '../kube';
import { routesFor } from '../observe/routes';
import type { SpireView } from '../observe/spire-view';
import { RIGHTS } from '../rights';
import { type Outcome, ok, wrong } from '../verdict';

interface ServiceObject extends KubeObject {
  readonly spec?: {
    readonly type?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly ports?: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort?: number | string;
    }[];
  };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
  };
}

interface IngressObject extends KubeObject {
  readonly spec?: { readonly rules?: readonly { readonly host?: string }[] };
  readonly status?: ServiceObject['status'];
}

export const ENDPOINT_EXPOSED: EndpointCheck = {
  id: 'V11',
  title: 'The endpoint is exposed: its Service leads to the server, and the world to its Service',
  about: 'endpoint',
  proves:
    'A Service selects a ready pod of the server and leads to the port of its bundle endpoint; the load balancer has the port of ' +
    'the URL and an address, or the Route or Ingress of the host is admitted.',
  causes: [
    'the cloud has not given the load balancer an address',
    'another Route has the host already (HostAlreadyClaimed)',
    'the Service selects other labels than the pods have',
  ],
  next: 'kubectl --context {context} -n {namespace} get services,ingresses,endpointslices',
  needs: [RIGHTS.services, RIGHTS.ingresses, RIGHTS.routes],
  applies: ({ member, view }) => view !== undefined && member.endpoint?.servedBySpire === true,
  async run(subject) {
    const { view, member } = subject;
    if (!view || !member.endpoint) return [];
    const [conf, installation] = await Promise.all([view.serverConf(), view.installation()]);
    const port = conf.endpointPort;
    if (port === undefined) {
      return [
        wrong(
          'the server has no bundle endpoint in its configuration',
          `${installation.owner.kind} ${installation.namespace}/${installation.owner.name}`,
        ),
      ];
    }
    const services = await view.objects.list<ServiceObject>(RESOURCES.services, installation.namespace);
    const leading = services.filter((service) => leadsTo(service, installation.pods, port));
    if (leading.length === 0) {
      return [
        wrong(`no Service leads to port ${port} of a ready pod of the server`, `namespace ${installation.namespace}`),
      ];
    }
    return exposureOutcomes(subject, view, leading, (service, at) => leadsTo(service, installation.pods, port, at));
  },
};

/**
 * Whether a Service selects a ready pod, and has a port that leads to the given one.
 *
 * @param at that port of the Service. @default - any
 */
export function leadsTo({ spec = {} }: ServiceObject, pods: readonly Pod[], port: number, at?: number): boolean {
  const selector = Object.entries(spec.selector ?? {});
  if (selector.length === 0) return false;
  const selected = pods.filter(
    (pod) => isReady(pod) && selector.every(([name, value]) => pod.metadata.labels?.[name] === value),
  );
  return selected.some((pod) =>
    (spec.ports ?? []).some(({ port: own, targetPort = own }) => {
      if (at !== undefined && at !== own) return false;
      if (typeof targetPort === 'number') return targetPort === port;
      const named = pod.spec?.containers?.flatMap(({ ports = [] }) => ports) ?? [];
      return named.some(({ name, containerPort }) => name === targetPort && containerPort === port);
    }),
  );
}

async function exposureOutcomes(
  { member }: EndpointSubject,
  view: SpireView,
  services: readonly ServiceObject[],
  leadsFrom: (service: ServiceObject, port: number) => boolean,
): Promise<Outcome[]> {
  const { exposure, url } = member.endpoint ?? { exposure: 'other', url: '' };
  const { host, port } = placeOf(url) ?? { host: '', port: 443 };
  if (exposure === 'load-balancer') {
    const balanced = services.filter(({ spec }) => spec?.type === 'LoadBalancer');
    if (balanced.length === 0)
      return [wrong('no Service of type LoadBalancer leads to the endpoint', placeOfService(services[0]))];
    return balanced.map((service) => {
      if (leadsFrom(service, port)) return addressOutcome(service);
      const ports = (service.spec?.ports ?? []).map((each) => each.port);
      return wrong(`has no port ${port}, which the URL leads to`, placeOfService(service), {
        evidence: `ports: ${ports.join(', ')}`,
        causes: ['the Service was changed by hand', 'the URL that is declared has another port'],
      });
    });
  }
  if (exposure === 'route' || exposure === 'managed-route') return routeOutcomes(view, host);
  if (exposure === 'ingress') {
    const { namespace } = await view.installation();
    const all = await view.objects.list<IngressObject>(RESOURCES.ingresses, namespace);
    const own = all.filter(({ spec }) => spec?.rules?.some((rule) => rule.host === host));
    if (own.length === 0) return [wrong(`no Ingress is for '${host}'`, `namespace ${namespace}`)];
    return own.map(addressOutcome);
  }
  return [ok('a Service leads to the endpoint', placeOfService(services[0]))];
}

const placeOfService = (service: KubeObject | undefined): string =>
  service ? `Service ${service.metadata.namespace}/${service.metadata.name}` : '';

function addressOutcome({ metadata, status }: ServiceObject | IngressObject): Outcome {
  const place = `${metadata.namespace}/${metadata.name}`;
  const addresses = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);
  if (addresses.length === 0) return wrong('has no address yet', place);
  return ok(`leads to the endpoint, at ${addresses.join(', ')}`, place);
}

async function routeOutcomes(view: SpireView, host: string): Promise<Outcome[]> {
  const { namespace } = await view.installation();
  const routes = await routesFor(view, host);
  if (routes === undefined) return [wrong('the cluster knows no Routes', `cluster of context ${view.context}`)];
  if (routes.length === 0) return [wrong(`no Route is for '${host}'`, `namespace ${namespace}`)];
  return routes.flatMap(({ metadata, status }) => {
    const place = `Route ${namespace}/${metadata.name}`;
    const admissions = (status?.ingress ?? []).map(({ conditions = [] }) =>
      conditions.find(({ type }) => type === 'Admitted'),
    );
    const refused = admissions.filter((condition) => condition?.status !== 'True');
    if (admissions.length > 0 && refused.length === 0) return [ok('is admitted', place)];
    const [first] = refused;
    return [
      wrong(`is not admitted${first?.reason ? `: ${first.reason}` : ''}`, place, { evidence: first?.message ?? '' }),
    ];
  });
}
