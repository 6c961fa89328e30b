import { App } from 'spirekit';
import { describeShop } from './mesh';

const app = new App();
describeShop(app, process.env.SPIRE_ROOTS); // a folder with roots of your own
app.synth();
