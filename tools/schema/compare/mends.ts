/** What to do instead of a breaking change, by the kind that graphql-inspector gives it. */
const MENDS: Readonly<Record<string, string>> = {
  FIELD_REMOVED: 'keep the field, with @deprecated(reason: "… (2026-11-20)"), until nobody asks for it',
  TYPE_REMOVED: 'keep the type until nothing that is asked for has it',
  FIELD_TYPE_CHANGED: 'keep the field as it is and put a new one beside it; deprecate the old one',
  FIELD_ARGUMENT_REMOVED: 'keep the argument, deprecated, and ignore it until nobody gives it',
  FIELD_ARGUMENT_ADDED: 'let the argument be optional, or give it a default',
  FIELD_ARGUMENT_TYPE_CHANGED: 'keep the argument as it is and put a new, optional one beside it',
  INPUT_FIELD_REMOVED: 'keep the field of the input, deprecated, and ignore it until nobody gives it',
  INPUT_FIELD_ADDED: 'let the new field be optional, or give it a default',
  INPUT_FIELD_TYPE_CHANGED: 'keep the field of the input as it is and put a new, optional one beside it',
  ENUM_VALUE_REMOVED: 'keep the value, with @deprecated(reason: "… (2026-11-20)"), until nobody gives or expects it',
  UNION_MEMBER_REMOVED: 'keep the member until nobody asks for it in a fragment',
  OBJECT_TYPE_INTERFACE_REMOVED: 'keep the interface on the type until nobody asks for it in a fragment',
  TYPE_KIND_CHANGED: 'give the new thing a new name',
};

/** How a change becomes one that breaks nobody, or is accepted. */
export function mendOf(kind: string): string {
  return `${MENDS[kind] ?? 'keep what there was until nobody uses it'}; or accept it, with this message, in schema/accepted-changes.yaml`;
}
