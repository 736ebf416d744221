import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { startTime } from '../startTime.ts';

/**
 * Names this process, on whatever machine and in whatever container: machine, start of the machine, process namespace, process id and
 * start of the process. Empty where the system does not tell.
 */
export function nameOwner(): string {
  const parts = [...place(), `${process.pid}`, startTime(process.pid) ?? ''];
  return parts.includes('') ? '' : parts.join('/');
}

/** True where an owner can be looked for from here, and is no more. */
export function isGone(owner: string): boolean {
  const [machine, boot, namespace, pid = '', start] = owner.split('/');
  const [ownMachine, ownBoot, ownNamespace] = place();
  if (!machine || machine !== ownMachine || namespace !== ownNamespace) return false;
  return boot !== ownBoot || startTime(Number(pid)) !== start;
}

function place(): readonly [machine: string, boot: string, namespace: string] {
  const link = attempt(() => readlinkSync('/proc/self/ns/pid'));
  return [
    attempt(() => readFileSync('/etc/machine-id', 'latin1')) || hostname(),
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')),
    link.replaceAll(/\D/g, ''),
  ];
}

function attempt(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}
