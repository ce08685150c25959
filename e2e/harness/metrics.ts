import { request } from 'undici';

/** Labels that a sample must have. */
type Labels = Readonly<Record<string, string>>;

/** What one scrape of `/metrics` said, all at one moment. */
export class Scrape {
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split('\n');
  }

  /** The sum of all samples of that name and these labels; 0 when there is none. */
  sum(name: string, labels: Labels = {}): number {
    const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
    return this.#lines
      .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }
}

/** The metrics of the system's contexts. */
export class Metrics {
  readonly #env: Readonly<Record<string, string>>;

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  async scrape(context: string): Promise<Scrape> {
    const url = this.#env[`${context.toUpperCase().replaceAll('-', '_')}_URL`];
    const { body } = await request(new URL('/metrics', url));
    return new Scrape(await body.text());
  }

  async sum(context: string, name: string, labels?: Labels): Promise<number> {
    return (await this.scrape(context)).sum(name, labels);
  }
}
