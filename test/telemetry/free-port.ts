export { freePort } from '../free-port';

/** What Prometheus is answered. */
export async function scrape(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics: ${response.status}`);
  return response.text();
}

/** The value of a sample, such as `mingjing_duties{due="today"}`; undefined when there is none. */
export function valueOf(text: string, sample: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}
