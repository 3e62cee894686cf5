/** Prints a line per step, with the time that the remaining steps will take. */
export function createProgress(total: number) {
  const start = performance.now();
  let done = 0;
  return (line: string): void => {
    done += 1;
    const remaining = ((performance.now() - start) / done) * (total - done);
    process.stdout.write(`[${done}/${total}, ${duration(remaining)} left] ${line}\n`);
  };
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
