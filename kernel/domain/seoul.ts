const OFFSET_MS = 9 * 3_600_000;

/** An instant as it is shown in Korea: `2026-11-25T10:00:00+09:00`. Seoul has one offset all year. */
export const inSeoul = (at: Date): string => `${new Date(at.getTime() + OFFSET_MS).toISOString().slice(0, 19)}+09:00`;
