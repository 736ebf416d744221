import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { formatWorkflowCommand, logLine } from '../../src/report/workflowCommand.ts';
import { readCommand } from '../support/runnerCommand.ts';

/** Text in which what the runner looks for is frequent. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '::',
        '##[',
        ']',
        '%',
        '%0A',
        '%25',
        '%3A',
        '\n',
        '\r',
        ',',
        '=',
        ' ',
        '\t',
        '\u00a0',
        '\u0085',
      ),
      fc.constantFrom(
        '::add-mask::',
        '::stop-commands::x',
        '##[error]',
        '##[add-mask]x',
        '::error file=a::',
        'group',
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('formatWorkflowCommand', () => {
  test('writes properties and message with the escapes of the runner', () => {
    const command = formatWorkflowCommand(
      'error',
      { file: 'a,b:c%.yaml', line: 3, col: undefined },
      '50%\r\n::x::',
    );
    assert.equal(command, '::error file=a%2Cb%3Ac%25.yaml,line=3::50%25%0D%0A::x::');
  });

  test('writes a command without properties', () => {
    assert.equal(formatWorkflowCommand('endgroup', {}, ''), '::endgroup::');
  });

  test('is read by the runner as it was meant, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (file, message) => {
        const line = formatWorkflowCommand('warning', { line: 7, file: `x${file}x` }, message);
        assert.doesNotMatch(line, /[\r\n]/);
        assert.deepEqual(readCommand(line), {
          command: 'warning',
          properties: { line: '7', file: `x${file}x` },
          message,
        });
      }),
    );
  });
});

describe('logLine', () => {
  for (const text of [
    '::add-mask::secret',
    '  ::stop-commands::token',
    '\u00a0::error::no',
    'x ##[add-mask]secret',
    'a\n::error::forged',
    'a\r::error::forged',
    '###[error]x',
  ]) {
    test(`is no command: ${JSON.stringify(text)}`, () => {
      assert.equal(readCommand(logLine(text)), undefined);
    });
  }

  test('is one line and no command, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = logLine(text);
        assert.doesNotMatch(line, /\p{Cc}/u);
        assert.equal(readCommand(line), undefined);
      }),
      { numRuns: 1000 },
    );
  });

  test('leaves ordinary text alone', () => {
    const text =
      'error deploy/cart.yaml:17:18 mirror-missing: no mirror for [::1]:5000 or a::b, 100% of nodes';
    assert.equal(logLine(text), text);
  });

  test('shows terminal escapes and right-to-left overrides', () => {
    assert.equal(logLine('\u001b[31mred\u202Ex\tend'), '\\u{1b}[31mred\\u{202e}x\\tend');
  });
});
