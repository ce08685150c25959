// Ends and lists the processes that carry the mark of this run (MADANG_CI_RUN in their environment), other than this one and those above it.
// Linux only: elsewhere another process's environment cannot be read.
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const mark = `MADANG_CI_RUN=${process.env.MADANG_CI_RUN}`;
const read = (pid, file) => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};
const above = new Set();
for (
  let pid = process.pid;
  pid > 1;
  pid = Number(
    read(pid, 'stat')
      .replace(/^.*\) /s, '')
      .split(' ')[1],
  )
)
  above.add(pid);

for (const pid of existsSync('/proc/self') ? readdirSync('/proc').map(Number).filter(Boolean) : []) {
  if (above.has(pid) || !read(pid, 'environ').split('\0').includes(mark)) continue;
  console.log(`left running: ${pid} ${read(pid, 'cmdline').replaceAll('\0', ' ').slice(0, 150)}`);
  process.kill(pid, 'SIGKILL');
}
