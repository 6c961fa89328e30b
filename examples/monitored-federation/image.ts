import { App, WorkloadImage } from 'spirekit';

// spirekit itself as an image: for the federation exporter, for 'spirekit verify --workloads' and for a VerificationJob.
//
//   npx spirekit image build --app 'npx tsx examples/monitored-federation/image.ts'
//   npx spirekit image push images/spirekit        # prints the reference that main.ts needs
const app = new App();
WorkloadImage.spirekit(app, 'spirekit', { repository: 'registry.example.com/platform/spirekit' });
app.synth();
