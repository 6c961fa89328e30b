import { createHash } from 'node:crypto';
import { Lazy } from 'cdk8s';
import { isLate, LATE_PROBLEM } from './late';

const BRAND = Symbol.for('spirekit.ConfigText');

/**
 * Configuration text that stays a model until the engine renders it: `server.conf` in a ConfigMap, a checksum of it in an
 * annotation.
 *
 * The model is plain data that may hold late values; `render` is a pure function of the model with all values known. A
 * stock `cdk8s.App` renders it through `resolve()`, the Pulumi engine through `model` and `render`.
 */
// biome-ignore lint/suspicious/noExplicitAny: whoever holds a text of any model must be able to render it
export class ConfigText<T = any> {
  constructor(
    private readonly produce: () => T,
    private readonly renderer: (model: T) => string,
  ) {
    Object.defineProperty(this, BRAND, { value: true });
  }

  static is(value: unknown): value is ConfigText {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The model as it stands now; constructs may still add to it until the engine asks. */
  get model(): T {
    return this.produce();
  }

  /** The text of a model. Pure: the same model gives the same text. */
  render(model: T): string {
    return this.renderer(model);
  }

  /**
   * The text. cdk8s calls this for any value with a method of this name.
   *
   * @throws Error if the model holds a value that only another engine can know
   */
  resolve(): string {
    const model = this.model;
    const late = latePaths(model, 'its model');
    if (late.length > 0) {
      throw new Error(`configuration text: ${late.join(', ')} ${LATE_PROBLEM.message}; ${LATE_PROBLEM.remedy}`);
    }
    return this.render(model);
  }

  /** Text computed from this text, such as its checksum. */
  map(transform: (text: string) => string): ConfigText<T> {
    return new ConfigText(this.produce, (model) => transform(this.renderer(model)));
  }

  /** SHA-256 of the text in hexadecimal: in a pod template's annotation, a changed configuration rolls the pods. */
  checksum(): ConfigText<T> {
    return this.map((text) => createHash('sha256').update(text).digest('hex'));
  }
}

/**
 * Where late values stand in plain data, such as `spec.replicas`; in a configuration text's model, such as
 * `data.server.conf (server.data_dir)`.
 *
 * @param whole what to call the data as a whole
 */
export function latePaths(data: unknown, whole: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown, where: string): void => {
    if (isLate(value)) {
      found.push(where || whole);
    } else if (ConfigText.is(value)) {
      const inside = latePaths(value.model, 'its model');
      if (inside.length > 0) found.push(`${where || whole} (${inside.join(', ')})`);
    } else if (value instanceof Lazy) {
      visit(value.produce(), where);
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        visit(item, `${where}[${index}]`);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, where ? `${where}.${key}` : key);
    }
  };
  visit(data, '');
  return found;
}
