import type { IConstruct } from 'constructs';
import { isLate, isObject, PLAIN_PROBLEM, report } from '../../core';
import { ArgoCdLayout } from './argo-cd';
import { argoCdSettings } from './argo-cd-settings';
import type { Delivery } from './delivery';
import { FluxLayout } from './flux';
import { fluxSettings } from './flux-settings';
import type { DeliveryLayout } from './layout';

/**
 * The layout that was asked for, with what is wrong with it reported; undefined when none was, or none can be made of it.
 *
 * @param place that findings concern
 */
export function layoutOf(place: IConstruct, delivery: Delivery | undefined): DeliveryLayout | undefined {
  if ((delivery ?? undefined) === undefined) return undefined;
  const at = { rule: 'delivery', property: 'delivery' };
  if (isLate(delivery)) {
    report(place, { ...at, ...PLAIN_PROBLEM });
    return undefined;
  }
  const { tool, options } = (isObject(delivery) ? delivery : {}) as Partial<Delivery>;
  if (tool === 'argo-cd') {
    const settings = argoCdSettings(place, options);
    return settings && new ArgoCdLayout(settings);
  }
  if (tool === 'flux') {
    const settings = fluxSettings(place, options);
    return settings && new FluxLayout(settings);
  }
  const remedy = 'write Delivery.argoCd({ … }) or Delivery.flux({ … })';
  report(place, { ...at, value: delivery, message: 'is not a delivery', remedy });
  return undefined;
}
