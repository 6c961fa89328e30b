import { App, Delivery } from 'spirekit';
import { describeMesh } from './mesh';

/** The same mesh, delivered by Argo CD: the output is committed as the folder `deploy/mesh` of a repository. */
const app = new App({
  delivery: Delivery.argoCd({
    repoUrl: 'https://git.example.com/platform.git',
    path: 'deploy/mesh',
    // Clusters have the names that Argo CD knows them by; this one is where it runs itself.
    clusters: { lab: 'https://kubernetes.default.svc' },
  }),
});
describeMesh(app, process.env.SPIRE_ROOTS);
app.synth();
