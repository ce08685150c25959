// node deploy/health.mjs <port>: exit code 0 when the program of this container can serve.
const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/readyz`, { signal: AbortSignal.timeout(3_000) }).catch((error) => ({
  ok: false,
  text: async () => String(error.cause ?? error),
}));
if (!answer.ok) {
  console.error(await answer.text());
  process.exit(1);
}
