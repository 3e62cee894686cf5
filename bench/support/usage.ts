import { readdirSync, readFileSync } from 'node:fs';

/** Linux reports CPU time in 1/100 s to programs, whatever the kernel's own clock (USER_HZ, proc(5)). */
const MICROSECONDS_PER_TICK = 10_000;
const MAX_TRIES = 10;

interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** CPU time of the process and of its ended, awaited children, in µs. */
  readonly cpu: number;
  /** The part of it in the kernel: system calls. */
  readonly kernel: number;
}

/** Parses `/proc/<pid>/stat`. The name of the program, in parentheses, can contain spaces and parentheses. */
export function parseStat(stat: string): ProcessTimes {
  const [, parent, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime, stime, cutime and cstime are the fields 14 to 17 of proc(5); `fields` begins with the 5th.
  const [user = 0, system = 0, userOfChildren = 0, systemOfChildren = 0] = fields
    .slice(9, 13)
    .map((ticks) => Number(ticks) * MICROSECONDS_PER_TICK);
  const kernel = system + systemOfChildren;
  return {
    pid: Number.parseInt(stat, 10),
    parent: Number(parent),
    cpu: user + userOfChildren + kernel,
    kernel,
  };
}

/** The processes of a tree: the root, its children, their children, and so on. */
export function treeOf(root: number, processes: readonly ProcessTimes[]): ProcessTimes[] {
  const tree = processes.filter(({ pid }) => pid === root);
  // The list grows while it is iterated.
  for (const { pid } of tree) tree.push(...processes.filter(({ parent }) => parent === pid));
  return tree;
}

/** CPU time that a process and all its descendants, running or ended, have used so far, in µs. */
export function cpuOf(root: number): number {
  return treeOf(root, runningProcesses()).reduce((sum, { cpu }) => sum + cpu, 0);
}

/** The part of `cpuOf` in the kernel. */
export function kernelCpuOf(root: number): number {
  return treeOf(root, runningProcesses()).reduce((sum, { kernel }) => sum + kernel, 0);
}

/** CPU time of one process with a single thread, in µs, more precise than `cpuOf`. */
export function cpuOfThread(pid: number): number {
  return Number.parseInt(readProcess(pid, 'schedstat') ?? '', 10) / 1000;
}

/** Resident memory of a process and its running descendants, in bytes. Pages that they share count once for each. */
export function residentBytes(root: number): number {
  return treeOf(root, runningProcesses()).reduce((sum, { pid }) => {
    const [, kilobytes = '0'] = /^VmRSS:\s*(\d+) kB$/m.exec(readProcess(pid, 'status') ?? '') ?? [];
    return sum + Number(kilobytes) * 1024;
  }, 0);
}

/** The number of running processes of a tree. */
export function processCount(root: number): number {
  return treeOf(root, runningProcesses()).length;
}

/** Tries again when a process ended during the reading, because its time could be missing: its parent may have been read before. */
function runningProcesses(): ProcessTimes[] {
  for (let tries = 1; ; tries += 1) {
    const stats = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => readProcess(Number(name), 'stat'));
    if (tries === MAX_TRIES || !stats.includes(undefined))
      return stats.filter((stat) => stat !== undefined).map(parseStat);
  }
}

/** undefined if the process has ended. */
function readProcess(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
