import { join } from 'node:path';
import { Config } from '@pulumi/pulumi';
import { ImageBuild } from 'spirekit/pulumi';

const config = new Config();
const image = new ImageBuild('client', {
  entry: join(__dirname, '../../../../examples/workload-image/client.mts'),
  repository: config.require('repository'),
  layout: config.require('layout'),
  platforms: ['linux/amd64'],
  env: { GREETING: config.require('greeting') },
});

export const reference = image.reference;
