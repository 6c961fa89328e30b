import { App } from 'spirekit';
import { describeMesh } from './mesh';

const app = new App();
describeMesh(app, process.env.SPIRE_ROOTS); // a folder with roots of your own
app.synth();
