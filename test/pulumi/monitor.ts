// biome-ignore-all lint/suspicious/noExplicitAny: requests to the engine have no usable types
import * as pulumi from '@pulumi/pulumi';
import { MockMonitor } from '@pulumi/pulumi/runtime/mocks';
import { setMockOptions } from '@pulumi/pulumi/runtime/settings';

/** A registration as the engine receives it. */
export interface Registration {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  /** As sent: secrets and unknown values are marked. */
  readonly inputs: Record<string, any>;
  readonly parent: string;
  readonly dependsOn: string[];
  readonly propertyDependencies: Record<string, string[]>;
  readonly provider: string;
  readonly providers: Record<string, string>;
  readonly secretOutputs: string[];
  readonly version: string;
  readonly ignoreChanges: string[];
}

/** What the tests of one program ask of the engine. */
export interface Recorded<T> {
  readonly result: T;
  readonly registrations: readonly Registration[];
  readonly warnings: readonly string[];
  /** What is mentioned and no warning. */
  readonly mentioned: readonly string[];
  /** Kubernetes objects alone, by their name in the program. */
  readonly objects: Readonly<Record<string, Registration>>;
}

const SECRET_KEY = '4dabf18193072939515e22adb298388d';

/** How a secret value looks on the way to the engine. */
export const secretOf = (value: unknown) => ({ [SECRET_KEY]: '1b47061264138c4ac30d75fd1eb44270', value });

/** How an unknown value looks on the way to the engine. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

// Pulumi's declarations leave out what is internal.
const { getStore } = require('@pulumi/pulumi/runtime/state') as { getStore(): { supportsSecrets: boolean } };
const Monitor = MockMonitor as unknown as new (mocks: pulumi.runtime.Mocks) => any;

class Recorder extends Monitor {
  readonly registrations: Registration[] = [];

  async registerResource(req: any, callback: any): Promise<void> {
    const parent: string = req.getParent();
    // The mock's own URNs keep one parent type only; the engine's hold the whole chain.
    const chain = parent ? `${parent.split('::')[2]}$` : '';
    this.registrations.push({
      urn: `urn:pulumi:dev::project::${chain}${req.getType()}::${req.getName()}`,
      type: req.getType(),
      name: req.getName(),
      custom: req.getCustom(),
      inputs: req.getObject().toJavaScript(),
      parent,
      dependsOn: req.getDependenciesList(),
      propertyDependencies: Object.fromEntries(
        req
          .getPropertydependenciesMap()
          .toArray()
          .map(([key, value]: [string, any]) => [key, value[0] ?? []]),
      ),
      provider: req.getProvider(),
      providers: Object.fromEntries(req.getProvidersMap().toArray()),
      secretOutputs: req.getAdditionalsecretoutputsList(),
      version: req.getVersion(),
      ignoreChanges: req.getIgnorechangesList(),
    });
    await super.registerResource(req, callback);
  }

  newUrn(parent: string, type: string, name: string): string {
    const chain = parent ? `${parent.split('::')[2]}$` : '';
    return `urn:pulumi:dev::project::${chain}${type}::${name}`;
  }
}

/** Runs a program as `pulumi up` would, and records what the engine is asked. */
export async function run<T>(
  program: () => T,
  { preview = false, outputs = {} }: { preview?: boolean; outputs?: Record<string, Record<string, unknown>> } = {},
): Promise<Recorded<T>> {
  const mocks: pulumi.runtime.Mocks = {
    call: ({ inputs }) => inputs,
    newResource: ({ name, inputs }) => ({
      id: preview ? undefined : `${name}-id`,
      state: { ...inputs, ...outputs[name] },
    }),
  };
  await pulumi.runtime.setMocks(mocks, 'project', 'dev', preview);
  const recorder = new Recorder(mocks);
  setMockOptions(recorder as any, 'project', 'dev', preview);
  getStore().supportsSecrets = true;
  const warnings: string[] = [];
  const mentioned: string[] = [];
  const info = jest.spyOn(pulumi.log, 'info').mockImplementation(async (message) => {
    mentioned.push(message);
  });
  const warn = jest.spyOn(pulumi.log, 'warn').mockImplementation(async (message) => {
    warnings.push(message);
  });
  try {
    const result = program();
    await pulumi.runtime.disconnect();
    const { registrations } = recorder;
    const objects = Object.fromEntries(
      registrations.filter(({ type }) => type.startsWith('kubernetes:')).map((entry) => [entry.name, entry]),
    );
    return { result, registrations, warnings, mentioned, objects };
  } finally {
    warn.mockRestore();
    info.mockRestore();
  }
}
