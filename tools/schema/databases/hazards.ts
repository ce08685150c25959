import type { Finding } from '../finding.ts';
import type { Released } from './released.ts';
import type { Snapshot, Table } from './snapshot.ts';

/** What a migration does to a released version that still runs, without the place. */
export type Hazard = Pick<Finding, 'rule' | 'severity' | 'change' | 'message' | 'mend' | 'for'>;

const BREAKING = { severity: 'error', change: 'breaking' } as const;
const DANGEROUS = { severity: 'warning', change: 'dangerous' } as const;
const IGNORE_COLUMN =
  'in this release stop using it: @ignore on the field, and nullable or with a default; drop it with the next. Is it only called otherwise? Keep the column: @map';
const IGNORE_TABLE = 'in this release stop using it: @@ignore on the model; drop it with the next';
const ADD_BESIDE = 'add the new one beside it, write both, move the rows, read the new one; drop the old one with a later release';

/** Compares a database before the new migrations with what they have made of it so far, in the eyes of the version that is released. */
export function hazards(before: Snapshot, after: Snapshot, { tables, enums }: Released): Hazard[] {
  const found: Hazard[] = [];
  for (const table of before.tables) {
    const reads = tables.get(table.name);
    if (reads)
      found.push(
        ...ofTable(
          table,
          after.tables.find(({ id }) => id === table.id),
          reads,
        ),
      );
  }
  for (const [name, labels] of Object.entries(before.enums)) {
    const left = after.enums[name];
    const lost = labels.filter((label) => !left?.includes(label));
    if (enums.has(name) && lost.length > 0)
      found.push({
        rule: 'enum-value-dropped',
        ...BREAKING,
        message: `the enum ${name} loses ${lost.join(', ')}, which the released version writes`,
        mend: 'stop writing it in this release and move the rows; take it out of the type with a later one',
        for: `${enums.get(name)}`,
      });
  }
  return found;
}

function ofTable(was: Table, is: Table | undefined, reads: ReadonlyMap<string, string>): Hazard[] {
  const [model = was.name] = [...reads.values()].map((field) => field.split('.')[0]);
  if (!is)
    return [
      {
        rule: 'table-dropped',
        ...BREAKING,
        message: `the table ${was.name} is dropped, which the released version reads`,
        mend: IGNORE_TABLE,
        for: model,
      },
    ];
  if (is.name !== was.name)
    return [
      { rule: 'table-renamed', ...BREAKING, message: `the table ${was.name} is renamed to ${is.name}`, mend: ADD_BESIDE, for: model },
    ];
  const columns = Object.keys(was.columns).flatMap((number) => ofColumn(was, is, Number(number), reads));
  const rewritten: Hazard[] =
    was.storage === is.storage || columns.some(({ rule }) => rule === 'column-retyped')
      ? []
      : [
          {
            rule: 'table-rewritten',
            ...DANGEROUS,
            message: `every row of ${was.name} is written anew, and nobody can read the table until that is done`,
            mend: 'add a column beside and fill it in steps, when the table is not small',
            for: model,
          },
        ];
  return [...columns, ...newColumns(was, is, model), ...rewritten, ...newRules(was, is, model)];
}

function ofColumn(table: Table, after: Table, number: number, reads: ReadonlyMap<string, string>): Hazard[] {
  const was = table.columns[number];
  const is = after.columns[number];
  const field = was && reads.get(was.name);
  if (!field) return [];
  const name = `${table.name}.${was.name}`;
  if (!is)
    return [
      {
        rule: 'column-dropped',
        ...BREAKING,
        message: `${name} is dropped, which the released version reads`,
        mend: IGNORE_COLUMN,
        for: field,
      },
    ];
  const found: Hazard[] = [];
  if (is.name !== was.name)
    found.push({
      rule: 'column-renamed',
      ...BREAKING,
      message: `${name} is renamed to ${is.name}; the released version reads ${was.name}`,
      mend: ADD_BESIDE,
      for: field,
    });
  if (is.type !== was.type && !(isText(was.type) && isText(is.type)))
    found.push({
      rule: 'column-retyped',
      ...BREAKING,
      message: `${name} was ${was.type} and becomes ${is.type}`,
      mend: ADD_BESIDE,
      for: field,
    });
  if (is.required && !was.required)
    found.push({
      rule: 'column-required',
      ...BREAKING,
      message: `${name} becomes NOT NULL, and the released version leaves it empty`,
      mend: 'fill it always in this release, and the rows that lack it; SET NOT NULL with a later one',
      for: field,
    });
  if (was.filled && !is.filled && is.required)
    found.push({
      rule: 'default-dropped',
      ...DANGEROUS,
      message: `${name} loses its default, and the released version may count on it`,
      mend: 'drop the default with a later release',
      for: field,
    });
  return found;
}

function newColumns(was: Table, is: Table, model: string): Hazard[] {
  return Object.entries(is.columns).flatMap(([number, { name, required, filled }]) =>
    was.columns[Number(number)] || !required || filled
      ? []
      : [
          {
            rule: 'column-added-required',
            ...BREAKING,
            message: `${was.name}.${name} is new, NOT NULL and has no default: the released version can insert no row, and rows that are there have no value`,
            mend: 'give it a DEFAULT, or leave it nullable until everybody writes it',
            for: model,
          },
        ],
  );
}

function newRules(was: Table, is: Table, model: string): Hazard[] {
  const known = new Set(Object.values(was.rules));
  const columns = new Set(Object.values(was.columns).map(({ name }) => name));
  return Object.entries(is.rules)
    .filter(([, definition]) => !known.has(definition) && mentions(definition, columns))
    .map(([name, definition]) => ({
      rule: 'constraint-added',
      ...DANGEROUS,
      message: `${was.name} has the new constraint ${name}, ${definition}: the released version does not know it`,
      mend: 'make sure that what it writes and the rows that are there pass; otherwise add it with a later release (NOT VALID first)',
      for: model,
    }));
}

/** A constraint on nothing but new columns does not touch who does not know them. */
function mentions(definition: string, columns: ReadonlySet<string>): boolean {
  const [own = ''] = definition.split(' REFERENCES ');
  return (own.match(/\w+/g) ?? []).some((word) => columns.has(word));
}

const isText = (type: string): boolean => /^(text|character varying)/.test(type);
