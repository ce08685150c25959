import { ContextProcess, contextStage } from '@madang/kernel/testing/context';

/** The real trainers' context as a process, which can be killed and started again. */
export async function trainersProcess() {
  const stage = await contextStage('pt-trainers', { LOG_LEVEL: 'fatal' });
  const process = await new ContextProcess(new URL('../../pt-trainers/main.ts', import.meta.url), stage.env).start();
  return {
    ...stage,
    url: () => process.url,
    start: () => process.start(),
    kill: () => process.kill(),
    async close() {
      await process.kill();
      await stage.close();
    },
  };
}
