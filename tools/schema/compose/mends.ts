/** What to do about an error of composition, by the code that Apollo's composition gives it. */
export const MENDS: Readonly<Record<string, string>> = {
  ARGUMENT_DEFAULT_MISMATCH: 'give the argument the same default in all contexts that have the field',
  EMPTY_MERGED_INPUT_TYPE: 'give the input the same fields in all contexts, or each context an input of its own name',
  ENUM_VALUE_MISMATCH: 'an enum that is taken and given must have the same values everywhere: add the value to the other contexts too',
  EXTERNAL_UNUSED: 'remove the @external field, or use it in @requires, @provides or @key',
  EXTERNAL_TYPE_MISMATCH: 'give the @external field the type that it has in the context that owns it',
  FIELD_ARGUMENT_TYPE_MISMATCH: 'give the argument the same type in all contexts that have the field',
  FIELD_TYPE_MISMATCH: 'give the field the same type in all contexts that have it, or one of them another name',
  INPUT_FIELD_DEFAULT_MISMATCH: 'give the field of the input the same default in all contexts that have it',
  INVALID_FIELD_SHARING:
    'one context owns a field: take it out of the others (they reach it over the entity), or mark it @shareable in all of them if all answer the same',
  INVALID_GRAPHQL: 'correct the SDL; what a directive of federation needs is imported in the first line, @link(… import: ["@key", …])',
  INVALID_LINK_DIRECTIVE_USAGE: 'write the first line as the other SDLs have it',
  KEY_INVALID_FIELDS: 'name a field in @key that the type has in this SDL',
  KEY_FIELDS_SELECT_INVALID_TYPE: 'a key is made of fields that are no list, union or interface: choose another one, mostly `id`',
  NO_QUERIES: 'at least one SDL needs a `type Query` with a field',
  ONLY_INACCESSIBLE_CHILDREN: 'leave one part of the type visible, or mark the whole type @inaccessible',
  REFERENCED_INACCESSIBLE: 'what is visible cannot speak of what is not: mark this @inaccessible too, or make the type visible',
  REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH: 'add the argument in the other contexts, or let it be optional',
  REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH: 'add the field to the input in the other contexts, or let it be optional',
  REQUIRES_INVALID_FIELDS: 'declare the field in this SDL with @external, as its owner has it',
  PROVIDES_INVALID_FIELDS: 'name a field in @provides that the type has in this SDL, marked @external',
  TYPE_KIND_MISMATCH: 'the contexts mean different things by one name: give one of them another',
  TYPE_DEFINITION_INVALID: 'correct the definition of this type',
};

/** For a code that has no words of its own here. */
export const OTHER_MEND = 'correct the SDL at this place; the rules are those of Apollo Federation 2';
