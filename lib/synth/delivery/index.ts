export { Delivery } from './delivery';
export { deliveryFiles, type RenderedStep } from './delivery-files';
export type { DeliveryLayout } from './layout';
export { layoutOf } from './layout-of';
export { lostCharacters } from './object-findings';
export type { ArgoCdOptions, FluxOptions, FluxSource, RepositoryFolder } from './options';
