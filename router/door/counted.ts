/** Counts what each address has open. */
export function counted(most: number) {
  const open = new Map<string, number>();
  return {
    /** Lets one more in; what is returned lets it out. Undefined: there are too many. */
    enter(address: string): (() => void) | undefined {
      const own = open.get(address) ?? 0;
      if (own >= most) return undefined;
      open.set(address, own + 1);
      return () => {
        const left = (open.get(address) ?? 1) - 1;
        if (left === 0) open.delete(address);
        else open.set(address, left);
      };
    },
  };
}
