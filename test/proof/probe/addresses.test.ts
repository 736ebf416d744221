import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { refuseAddress } from '../../../src/proof/probe/addresses.ts';

const byte = fc.integer({ min: 0, max: 255 });
const hex = (value: number): string => value.toString(16);

/** The ways in which IPv6 writes an IPv4 address that it maps. */
function mapped(a: number, b: number, c: number, d: number): readonly string[] {
  return [
    `::ffff:${a}.${b}.${c}.${d}`,
    `::FFFF:${hex(a * 256 + b)}:${hex(c * 256 + d)}`,
    `0:0:0:0:0:ffff:${hex(a * 256 + b)}:${hex(c * 256 + d)}`,
  ];
}

suite('an address', () => {
  test('that is link-local is never asked, in whatever notation', () => {
    fc.assert(
      fc.property(byte, byte, fc.boolean(), (c, d, isOnNode) => {
        for (const address of [`169.254.${c}.${d}`, ...mapped(169, 254, c, d)]) {
          assert.match(refuseAddress(address, isOnNode) ?? '', /belongs to a machine's own network/, address);
        }
      }),
    );
    for (const address of ['fe80::1', 'febf::1', 'fd00:ec2::254', 'FD00:0EC2:0:0:0:0:0:254', 'ff02::1']) {
      assert.ok(refuseAddress(address, true), address);
    }
  });

  test('of this machine is asked only where it is the node', () => {
    fc.assert(
      fc.property(byte, byte, byte, (b, c, d) => {
        for (const address of [`127.${b}.${c}.${d}`, ...mapped(127, b, c, d)]) {
          assert.match(refuseAddress(address, false) ?? '', /is the node itself/, address);
          assert.equal(refuseAddress(address, true), undefined, address);
        }
      }),
    );
    for (const address of ['0.0.0.0', '::', '::1']) assert.ok(refuseAddress(address, false), address);
  });

  test('with a zone, or that is none, is not asked', () => {
    for (const address of ['fe80::1%eth0', '10.0.0.1%lo', '2852039166', '0xa9fea9fe', '', 'reg.example'])
      assert.ok(refuseAddress(address, true), address);
  });

  test('of a private or a public network is asked', () => {
    for (const address of [
      '10.1.1.1',
      '192.168.0.1',
      '172.16.0.1',
      '100.64.0.1',
      '8.8.8.8',
      'fd12::1',
      '2001:db8::1',
      '::ffff:10.1.1.1',
    ])
      assert.equal(refuseAddress(address, false), undefined, address);
  });
});
