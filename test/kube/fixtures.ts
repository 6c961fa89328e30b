import { App, Chart, type ChartProps } from 'cdk8s';

/** A chart in an application of stock cdk8s. */
export function newChart(props: ChartProps = {}): Chart {
  return new Chart(new App(), 'demo', props);
}
