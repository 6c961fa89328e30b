import { Construct, type IConstruct } from 'constructs';
import { isLate, type Kind, type Late, report, setWave, usableProps, Waves } from '../core';
import { KubeObject, labelProblem, type NameProblem, subdomainProblem } from '../kube';
import { Fields } from './fields';
import { hostProblem } from './layout';

/** The certificate that the router serves: of a Secret beside the Route. */
interface ServedCertificate {
  /**
   * Secret of type `kubernetes.io/tls` in the Route's namespace, which the router must be allowed to read.
   *
   * @see RouterSecretReader
   * @default - the router's own certificate
   */
  readonly externalCertificate?: string;
  /** What becomes of plain HTTP. @default 'Redirect' */
  readonly insecureEdgeTerminationPolicy?: 'Redirect' | 'None' | 'Allow';
}

/** Who ends TLS. */
export type RouteTls =
  /** The pods: the router reads nothing but the name of the host. */
  | {
      readonly termination: 'passthrough';
      /** What becomes of plain HTTP. @default 'Redirect' */
      readonly insecureEdgeTerminationPolicy?: 'Redirect' | 'None';
      readonly externalCertificate?: undefined;
      readonly destinationCaCertificate?: undefined;
    }
  /** The router, which begins a TLS connection of its own to the pods. */
  | (ServedCertificate & {
      readonly termination: 'reencrypt';
      /** CA certificates (PEM) by which the pods are verified. @default - OpenShift's service CA */
      readonly destinationCaCertificate?: Late<string>;
    })
  /** The router, which speaks plain HTTP to the pods. */
  | (ServedCertificate & { readonly termination: 'edge'; readonly destinationCaCertificate?: undefined });

/** What only a router can have that ends TLS itself. */
const ROUTERS_OWN = ['externalCertificate', 'destinationCaCertificate'] as const;

/** Properties of `Route`. */
export interface RouteProps {
  /** Name of the Route. @default - the construct's id */
  readonly name?: string;
  /** Namespace of the Route, and of the Service. */
  readonly namespace: string;
  /** Host by which it is reached. */
  readonly host: string;
  /** Name of the Service that it leads to. */
  readonly service: string;
  /** Name or number of the Service's target port. */
  readonly targetPort: string | number;
  readonly tls: RouteTls;
  /** @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

const PROPERTIES = {
  name: 'any',
  namespace: 'any',
  host: 'any',
  service: 'any',
  targetPort: 'any',
  tls: 'any',
  labels: 'map',
  annotations: 'map',
} as const satisfies Record<keyof RouteProps, Kind>;

const RULE = 'route';

/**
 * A Route of OpenShift: leads a host to a Service.
 *
 * @see https://github.com/openshift/api/blob/master/route/v1/types.go
 */
export class Route extends Construct {
  /** The resource. */
  readonly object: KubeObject;
  /** Host by which it is reached. */
  readonly host: string;

  constructor(scope: Construct, id: string, given: RouteProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    const { labels, annotations } = props;
    const fields = Fields.of(this, RULE, '', props, Object.keys(props));
    const read = (property: string, check: (text: string) => NameProblem) =>
      fields.plainText(property, { check, required: true, fallback: 'invalid' });
    const name = fields.plainText('name', { check: subdomainProblem, fallback: id });
    const namespace = read('namespace', labelProblem);
    this.host = read('host', hostProblem);
    const service = read('service', labelProblem);
    this.object = new KubeObject(this, 'resource', {
      apiVersion: 'route.openshift.io/v1',
      kind: 'Route',
      metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) },
      spec: {
        host: this.host,
        to: { kind: 'Service', name: service, weight: 100 },
        port: { targetPort: this.port(props.targetPort) },
        wildcardPolicy: 'None',
        tls: tlsOf(this, props.tls),
      },
    });
    setWave(this, Waves.endpoints);
  }

  private port(port: unknown): string | number {
    const isNumber = Number.isInteger(port) && (port as number) > 0 && (port as number) < 65536;
    const isName = typeof port === 'string' && port.length <= 15 && !labelProblem(port) && /[a-z]/.test(port);
    if (isNumber || isName) return port as string | number;
    const message = "is neither a port's name nor its number";
    const remedy = "write a name such as 'https', or a number from 1 to 65535";
    const shown = port === undefined || isLate(port) ? {} : { value: port };
    report(this, { rule: RULE, property: 'targetPort', ...shown, message, remedy });
    return 1;
  }
}

function tlsOf(scope: IConstruct, given: unknown): object {
  const fields = Fields.of(scope, RULE, 'tls', given, ['termination', 'insecureEdgeTerminationPolicy', ...ROUTERS_OWN]);
  const terminations = ['passthrough', 'reencrypt', 'edge'] as const;
  if (fields.raw('termination') === undefined) {
    fields.add('termination', { message: 'is missing', remedy: `write one of ${terminations.join(', ')}` });
  }
  const termination = fields.word('termination', terminations, 'passthrough');
  const passthrough = termination === 'passthrough';
  const policies = passthrough ? (['Redirect', 'None'] as const) : (['Redirect', 'None', 'Allow'] as const);
  const unfit = passthrough ? ROUTERS_OWN : termination === 'edge' ? (['destinationCaCertificate'] as const) : [];
  for (const name of unfit.filter((each) => fields.raw(each) !== undefined)) {
    const message = `does not go with termination '${termination}'`;
    fields.add(name, { message, remedy: "leave it out, or write termination: 'reencrypt'" });
  }
  const secret = passthrough ? undefined : fields.plainText('externalCertificate', { check: subdomainProblem });
  const ca = termination === 'reencrypt' ? fields.text('destinationCaCertificate', { check: pemProblem }) : undefined;
  return {
    termination,
    insecureEdgeTerminationPolicy: fields.word('insecureEdgeTerminationPolicy', policies, 'Redirect'),
    ...(secret !== undefined && { externalCertificate: { name: secret } }),
    ...(ca !== undefined && { destinationCACertificate: ca }),
  };
}

function pemProblem(text: string): NameProblem {
  if (text.includes('-----BEGIN CERTIFICATE-----')) return undefined;
  return { message: 'holds no certificate', remedy: 'write it as PEM' };
}
