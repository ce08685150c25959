import type { Selected } from './promql.ts';

/** A metric as programs expose it. */
interface Exposed {
  help: string;
  readonly labels: Map<string, Set<string>>;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const DECLARED = /^# (HELP|TYPE) (\S+) ?(.*)$/;
/** What Prometheus itself puts on every series. */
const OF_PROMETHEUS = new Set(['job', 'instance']);

/** What several programs expose at `/metrics`, taken together. */
export class Exposition {
  readonly #metrics = new Map<string, Exposed>();

  /** Takes in one answer of a `/metrics`. */
  add(text: string): this {
    let help = '';
    for (const line of text.split('\n')) {
      const [, kind, , words = ''] = DECLARED.exec(line) ?? [];
      if (kind === 'HELP') help = words;
      const [, name, labels = ''] = (line.startsWith('#') ? null : SAMPLE.exec(line)) ?? [];
      if (name !== undefined) this.#sample(name, labels, help);
    }
    return this;
  }

  /** What is wrong with what an expression asks for; nothing when programs really expose it. */
  lacks({ metric, labels, values }: Selected): string[] {
    if (metric === 'up') return [];
    const exposed = this.#metrics.get(metric);
    if (!exposed) return [`no program exposes ${metric}`];
    return [
      ...labels
        .filter((label) => !exposed.labels.has(label) && !OF_PROMETHEUS.has(label))
        .map((label) => `${metric} has no label ${label}`),
      ...Object.entries(values)
        .filter(([label, value]) => !value.startsWith('$') && !exposed.labels.get(label)?.has(value) && !exposed.help.includes(value))
        .map(([label, value]) => `${metric} has no ${label}="${value}"`),
    ];
  }

  #sample(name: string, labels: string, help: string): void {
    const known = this.#metrics.get(name) ?? { help, labels: new Map<string, Set<string>>() };
    for (const [, label = '', value = ''] of labels.matchAll(LABEL))
      known.labels.set(label, (known.labels.get(label) ?? new Set()).add(value));
    this.#metrics.set(name, known);
  }
}
