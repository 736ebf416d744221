import { runInNewContext } from 'node:vm';

/**
 * What `run` returns. It is interrupted, and the test fails, where it would take ages: `timeout` of a test does nothing
 * about code that never waits. Far more time than any machine needs, for this is no measurement.
 */
export function endsSoon<T>(run: () => T): T {
  return runInNewContext('run()', { run }, { timeout: 120_000 }) as T;
}
