import type { TestEvent } from 'node:test/reporters';

/**
 * Test reporter that prints one plain line at the end: how many tests passed, failed and were skipped. A suite that is skipped
 * as a whole counts as one skipped test.
 */
export default async function* closingLine(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  let skippedSuites = 0;
  for await (const event of events) {
    if (event.type === 'test:pass' && event.data.details.type === 'suite' && event.data.skip !== undefined)
      skippedSuites += 1;
    // The summary of the whole run is the one that names no file.
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = event.data.counts;
    // Another reporter may have left its last line open.
    yield `\n${passed} passed, ${tests - passed - skipped - todo} failed, ${skipped + todo + skippedSuites} skipped\n`;
  }
}
