import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPrivateHost } from '../../src/check/privateHost.ts';

test('isPrivateHost knows addresses and names of private networks', () => {
  const hosts = [
    '10.10.1.106:5000',
    '172.16.0.1',
    '172.31.255.255:80',
    '192.168.1.1',
    '100.64.0.1',
    '[fd00::1]:5000',
    '[fe80::1]',
    'registry:5000',
    'harbor.lan',
    'Harbor.LAN:8443',
    'nexus.corp',
    'registry.home.arpa',
    'registry.kube-system.svc',
    'registry.kube-system.svc.cluster.local:5000',
  ];
  for (const host of hosts) assert.ok(isPrivateHost(host), host);
});

test('isPrivateHost takes nothing else for private', () => {
  const hosts = [
    'docker.io',
    'harbor.example.net:5000',
    'lan.example.net',
    '172.15.0.1:5000',
    '172.32.0.1',
    '192.169.1.1',
    '100.128.0.1',
    '11.0.0.1',
    '[2001:db8::1]:5000',
    '[::1]:5000',
    'localhost',
    'localhost:5000',
  ];
  for (const host of hosts) assert.ok(!isPrivateHost(host), host);
});
