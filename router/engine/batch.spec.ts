import { describe, expect, it } from 'vitest';
import { batchesOf } from './batch.ts';
import type { Data } from './data.ts';
import type { Step } from './plan/compile.ts';
import { stepsOf } from './plan/locate.ts';
import { compileRepresentation } from './representations.ts';

const matches = (condition: string, typename: string) => condition === typename;

/** A step about the entities at those paths, with what it requires of each. */
function step(required: Readonly<Record<string, readonly string[]>>): Step {
  const sources = Object.entries(required).map(([path, names]) => {
    const requires = [
      { kind: 'InlineFragment' as const, typeCondition: 'Book', selections: names.map((name) => ({ kind: 'Field' as const, name })) },
    ];
    const keys = new Map([['Book', new Set(['id'])]]);
    const steps = stepsOf([path, '@']);
    return { path: [path], steps, requires, inputRewrites: [], represent: compileRepresentation(requires, [], matches, { keys }) };
  });
  return { entities: true, sources, lacking: null } as unknown as Step;
}

const book = (id: string, price?: number): Data => ({ __typename: 'Book', id, ...(price === undefined ? {} : { price }) });

describe('a request is about each entity once', () => {
  it('whatever the object is, and wherever', () => {
    const data = { here: [book('1', 5), book('2', 5), book('1', 5)], there: [book('2', 5), book('3', 5)] };
    const names = ['__typename', 'id', 'price'];
    const [batch] = batchesOf(step({ here: names, there: names }), data, false);
    expect(batch?.entityOf).toEqual([0, 1, 0, 1, 2]);
    expect(batch?.ends).toEqual([3, 5]);
    expect(JSON.parse(`[${batch?.representations}]`)).toEqual([book('1', 5), book('2', 5), book('3', 5)]);
  });

  it('but not where something that is required is not the same', () => {
    const data = { here: [book('1', 5), book('1', 6), book('1', 5), book('1', 6)] };
    const [batch] = batchesOf(step({ here: ['__typename', 'id', 'price'] }), data, false);
    expect(JSON.parse(`[${batch?.representations}]`).at(batch?.entityOf[3])).toEqual(book('1', 6));
    expect(JSON.parse(`[${batch?.representations}]`).at(batch?.entityOf[2])).toEqual(book('1', 5));
  });

  it('nor where it is missing, nor for somebody who requires something else', () => {
    const data = { here: [book('1'), book('1', 5), book('1')], there: [book('1', 5), book('1', 6)] };
    const [batch] = batchesOf(step({ here: ['__typename', 'id', 'price'], there: ['__typename', 'id'] }), data, false);
    expect(batch?.targets).toEqual([book('1', 5), book('1', 5), book('1', 6)]);
    expect(batch?.entityOf).toEqual([0, 1, 1]);
    expect(JSON.parse(`[${batch?.representations}]`)).toEqual([book('1', 5), book('1')]);
  });
});
