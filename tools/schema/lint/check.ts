import type { Check } from '../finding.ts';

export const checkStyle: Check = async () => [];
