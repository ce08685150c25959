/** How values spread. */
export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The smallest of the sorted values that `share` of them do not exceed; NaN of nothing. */
export function percentile(sorted: readonly number[] | Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function summary(values: readonly number[]): Summary {
  const sorted = Float64Array.from(values).sort();
  return {
    count: sorted.length,
    min: percentile(sorted, 0),
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: percentile(sorted, 1),
  };
}

/** `1,234`, `12.3`, `0.46`: three digits that say something. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** `1,234` of a count. */
export const count = (of: number): string => of.toLocaleString('en-US');

/** `p50 12.3 ms, p99 45.6 ms` */
export const percentiles = ({ p50, p99 }: Summary, unit = 'ms'): string => `p50 ${figure(p50)} ${unit}, p99 ${figure(p99)} ${unit}`;

/** `4.10–5.20 s over 3 rounds`; one of them has no spread. */
export function range(values: readonly number[], unit: string, of: string): string {
  const { min, max, count } = summary(values);
  if (count < 2) return '1 round';
  return `${figure(min)}–${figure(max)} ${unit} over ${count} ${of}`;
}
