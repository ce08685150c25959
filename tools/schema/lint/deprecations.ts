import { Kind } from 'graphql';
import { directive, type Remark, type Rule } from './sdl.ts';

const DATED = /\(\d{4}-\d{2}-\d{2}\)\s*$/;

/** Who reads that something is deprecated reads what to use, and since when. */
export const deprecations: Rule = {
  name: 'deprecation',
  look: ({ types, inputs, enums }) => {
    const parts = [
      ...[...types, ...inputs].flatMap(({ name, fields = [] }) => fields.map((node) => ({ of: `${name.value}.${node.name.value}`, node }))),
      ...types.flatMap(({ name, fields = [] }) =>
        fields.flatMap((field) =>
          (field.arguments ?? []).map((node) => ({ of: `${name.value}.${field.name.value}(${node.name.value}:)`, node })),
        ),
      ),
      ...enums.flatMap(({ name, values = [] }) => values.map((node) => ({ of: `${name.value}.${node.name.value}`, node }))),
    ];
    return parts.flatMap(({ of, node }): Remark[] => {
      const deprecated = directive(node, 'deprecated');
      const reason = deprecated?.arguments?.find(({ name }) => name.value === 'reason')?.value;
      if (!deprecated || (reason?.kind === Kind.STRING && DATED.test(reason.value) && reason.value.length > 20)) return [];
      const message = `${of} is deprecated and does not say ${reason ? 'since which day' : 'why'}`;
      return [
        {
          node: deprecated,
          of,
          message,
          mend: 'say what to use instead, and the day: @deprecated(reason: "Use paidAmount instead. (2026-11-20)")',
        },
      ];
    });
  },
};
