import { readFileSync } from 'node:fs';

/**
 * When a process was started, in ticks since the machine's start; undefined where there is none, or the system does not tell. With its
 * id, no other process has the same until the machine starts anew.
 */
export function startTime(pid: number): string | undefined {
  try {
    // proc(5): the name may have spaces and is in brackets; the start time is the twentieth field behind it.
    const [, fields = ''] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return fields.split(' ')[19];
  } catch {
    return undefined;
  }
}
