import type { TestEvent } from 'node:test/reporters';

/** Test reporter that prints one plain line at the end: how many tests passed, failed and were skipped. */
export default async function* closingLine(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of events) {
    // The summary of the whole run is the one that names no file.
    if (event.type !== 'test:summary' || event.data.file !== undefined) continue;
    const { tests, passed, skipped, todo } = event.data.counts;
    // Another reporter may have left its last line open.
    yield `\n${passed} passed, ${tests - passed - skipped - todo} failed, ${skipped + todo} skipped\n`;
  }
}
