// Loaded before a supervised program (`node --import`): ends it in good order when its supervisor is gone, however that ended.
const PATIENCE = 15_000;

if (process.channel) {
  process.on('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(1), PATIENCE).unref();
  });
  // Listening must not keep a program alive that has finished.
  process.channel.unref();
}
