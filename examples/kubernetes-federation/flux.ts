import { App, Delivery } from 'spirekit';
import { describeMesh } from './mesh';

/** The same mesh, delivered by the Flux of each cluster, from a GitRepository that is there already. */
const app = new App({
  delivery: Delivery.flux({ source: { name: 'platform' }, path: 'deploy/mesh' }),
});
describeMesh(app, process.env.SPIRE_ROOTS);
app.synth();
