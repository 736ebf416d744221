import type { Since } from '../resolver/release.ts';
import {
  count,
  flag,
  mapOf,
  mapOfAnything,
  mapOfText,
  mapOfTrees,
  section,
  struct,
  text,
  texts,
  type StructType,
} from './goTypes.ts';

// containerd services/server/config/config.go (1.x), cmd/containerd/server/config/config.go (2.x); the versions of each field
// are from all tags from 1.5.0 to 2.3.4.

const since16: readonly Since[] = [{ line: '1.6', from: 0 }];
const proxyPlatform: readonly Since[] = [
  { line: '1.6', from: 32 },
  { line: '1.7', from: 16 },
  { line: '2.0', from: 0 },
];

const address = [text('address', 'Address'), count('uid', 'UID'), count('gid', 'GID')];

const grpc = struct('GRPCConfig', [
  text('address', 'Address'),
  text('tcp_address', 'TCPAddress'),
  text('tcp_tls_ca', 'TCPTLSCA', since16),
  text('tcp_tls_cert', 'TCPTLSCert'),
  text('tcp_tls_key', 'TCPTLSKey'),
  count('uid', 'UID'),
  count('gid', 'GID'),
  count('max_recv_message_size', 'MaxRecvMsgSize'),
  count('max_send_message_size', 'MaxSendMsgSize'),
  text('tcp_tls_common_name', 'TCPTLSCName', [{ line: '2.2', from: 0 }]),
]);

const debug = struct('Debug', [
  ...address,
  text('level', 'Level'),
  text('format', 'Format'),
  flag('log_trace_id', 'LogTraceID', [{ line: '2.3', from: 0 }]),
]);

const proxyPlugin = struct('ProxyPlugin', [
  text('type', 'Type'),
  text('address', 'Address'),
  text('platform', 'Platform', proxyPlatform),
  section('exports', 'Exports', mapOfText, proxyPlatform),
  texts('capabilities', 'Capabilities', [
    { line: '1.7', from: 23 },
    { line: '2.0', from: 0 },
  ]),
]);

const streamProcessor = struct('StreamProcessor', [
  texts('accepts', 'Accepts'),
  text('returns', 'Returns'),
  text('path', 'Path'),
  texts('args', 'Args'),
  texts('env', 'Env'),
]);

const daemon = (isVersion1: boolean): StructType =>
  struct('Config', [
    count('version', 'Version'),
    text('root', 'Root'),
    text('state', 'State'),
    text('temp', 'TempDir', since16),
    section('grpc', 'GRPC', grpc),
    section('ttrpc', 'TTRPC', struct('TTRPCConfig', address)),
    section('debug', 'Debug', debug),
    section(
      'metrics',
      'Metrics',
      struct('MetricsConfig', [text('address', 'Address'), flag('grpc_histogram', 'GRPCHistogram')]),
    ),
    texts('disabled_plugins', 'DisabledPlugins'),
    texts('required_plugins', 'RequiredPlugins'),
    section('plugins', 'Plugins', isVersion1 ? mapOfTrees : mapOfAnything),
    count('oom_score', 'OOMScore'),
    section('cgroup', 'Cgroup', struct('CgroupConfig', [text('path', 'Path')])),
    section('proxy_plugins', 'ProxyPlugins', mapOf(proxyPlugin)),
    section('timeouts', 'Timeouts', mapOfText),
    texts('imports', 'Imports'),
    section('stream_processors', 'StreamProcessors', mapOf(streamProcessor)),
  ]);

/** `config.toml` itself, as containerd 1.x has it in Go. */
export const daemonConfig1 = daemon(true);

/** `config.toml` itself, as containerd 2.x has it in Go. */
export const daemonConfig2 = daemon(false);
