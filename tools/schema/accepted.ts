import { isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Finding, Place } from './finding.ts';
import type { Repository } from './repository.ts';

/** Where breaking changes stand that the team has accepted. */
export const ACCEPTED = 'schema/accepted-changes.yaml';

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'write a day as 2026-11-20');
const entry = z.strictObject({
  change: z.string().min(1, 'say which change, as it is printed'),
  reason: z.string().min(10, 'say why it may break those who use it'),
  date: day,
  until: day.optional(),
});

type Entry = z.infer<typeof entry> & { readonly at: Place };

/**
 * Lets the breaking changes pass that schema/accepted-changes.yaml covers, by their message; findings of all checks alike.
 * Adds what is wrong with the file, and, when every check has run (`all`), a warning for each entry that covers nothing any more.
 */
export function accept(findings: readonly Finding[], repository: Repository, all: boolean, today = new Date()): Finding[] {
  const { entries, findings: wrong } = readEntries(repository);
  const covering = new Set<Entry>();
  const now = today.toISOString().slice(0, 10);
  const judged = findings.map((finding): Finding => {
    const covered =
      finding.change === 'breaking' && finding.severity === 'error' && entries.find(({ change }) => change === finding.message);
    if (!covered) return finding;
    covering.add(covered);
    const { reason, date, until } = covered;
    if (until && until < now) return { ...finding, mend: `it was accepted until ${until} (“${reason}”): that is over; ${finding.mend}` };
    return { ...finding, severity: 'info', accepted: { reason, date } };
  });
  const idle = all ? entries.filter((it) => !covering.has(it)) : [];
  return [...judged, ...wrong, ...idle.map(coversNothing)];
}

function coversNothing({ change, at }: Entry): Finding {
  return {
    check: 'compare',
    rule: 'accepted-covers-nothing',
    severity: 'warning',
    message: `nothing changes as this entry says: “${change}”`,
    mend: 'take the entry out: the change is released, or was taken back, or is printed otherwise',
    at,
  };
}

function readEntries(repository: Repository): { entries: Entry[]; findings: Finding[] } {
  if (!repository.exists(ACCEPTED)) return { entries: [], findings: [] };
  const lines = new LineCounter();
  const document = parseDocument(repository.read(ACCEPTED), { lineCounter: lines });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: ACCEPTED, line, column: col };
  };
  const findings = document.errors.map(({ message, pos }) => invalid(message.split('\n')[0] ?? message, at(pos[0])));
  const entries: Entry[] = [];
  const list = document.contents;
  if (findings.length > 0 || list === null) return { entries, findings };
  if (!isSeq(list)) return { entries, findings: [invalid('the file is to be a list of entries', { file: ACCEPTED })] };
  for (const item of list.items) {
    const place = at((isMap(item) && item.range?.[0]) || 0);
    const { data, error } = entry.safeParse(isMap(item) ? item.toJSON() : item);
    if (data) entries.push({ ...data, at: place });
    else findings.push(...error.issues.map(({ path, message }) => invalid(`${path.join('.') || 'an entry'}: ${message}`, place)));
  }
  return { entries, findings };
}

function invalid(message: string, at: Place): Finding {
  return {
    check: 'compare',
    rule: 'accepted-invalid',
    severity: 'error',
    message,
    mend: 'an entry is: change (as printed), reason, date (2026-11-20), and if it is for a time only, until',
    at,
  };
}
