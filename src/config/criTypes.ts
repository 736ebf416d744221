import type { Since } from '../resolver/release.ts';
import {
  count,
  flag,
  mapOf,
  mapOfAnything,
  mapOfText,
  mapOfTexts,
  pointer,
  section,
  struct,
  text,
  texts,
} from './goTypes.ts';

// containerd v1.7.34 pkg/cri/config/config.go, v2.3.4 internal/cri/config/config.go; the versions of each field are from all
// tags from 1.5.0 to 2.3.4.

const since16: readonly Since[] = [{ line: '1.6', from: 0 }];
const since17: readonly Since[] = [{ line: '1.7', from: 0 }];
const since21: readonly Since[] = [{ line: '2.1', from: 0 }];
const since23: readonly Since[] = [{ line: '2.3', from: 0 }];
const latestOf22: readonly Since[] = [
  { line: '2.2', from: 7 },
  { line: '2.3', from: 4 },
];

const auth = struct('AuthConfig', [
  text('username', 'Username'),
  text('password', 'Password'),
  text('auth', 'Auth'),
  text('identitytoken', 'IdentityToken'),
]);
const tls = struct('TLSConfig', [
  flag('insecure_skip_verify', 'InsecureSkipVerify'),
  text('ca_file', 'CAFile'),
  text('cert_file', 'CertFile'),
  text('key_file', 'KeyFile'),
]);
const mirror = struct('Mirror', [texts('endpoint', 'Endpoints')]);

const registry = (hasTls: boolean) =>
  struct('Registry', [
    text('config_path', 'ConfigPath'),
    section('mirrors', 'Mirrors', mapOf(mirror)),
    section(
      'configs',
      'Configs',
      mapOf(
        struct('RegistryConfig', [
          pointer('auth', 'Auth', auth),
          ...(hasTls ? [pointer('tls', 'TLS', tls)] : []),
        ]),
      ),
    ),
    section('auths', 'Auths', mapOf(auth)),
    section('headers', 'Headers', mapOfTexts),
  ]);

const imageDecryption = struct('ImageDecryption', [text('key_model', 'KeyModel')]);
const keyPair = struct('X509KeyPairStreaming', [
  text('tls_cert_file', 'TLSCertFile'),
  text('tls_key_file', 'TLSKeyFile'),
]);
const cni = struct('CniConfig', [
  text('bin_dir', 'NetworkPluginBinDir'),
  texts('bin_dirs', 'NetworkPluginBinDirs', since21),
  text('conf_dir', 'NetworkPluginConfDir'),
  count('max_conf_num', 'NetworkPluginMaxConfNum'),
  flag('setup_serially', 'NetworkPluginSetupSerially', since17),
  text('conf_template', 'NetworkPluginConfTemplate'),
  text('ip_pref', 'IPPreference', since16),
  flag('use_internal_loopback', 'UseInternalLoopback', [{ line: '2.0', from: 0 }]),
]);

const runtime = (isVersion1: boolean) =>
  struct('Runtime', [
    text('runtime_type', 'Type'),
    text('runtime_path', 'Path', since16),
    ...(isVersion1 ? [text('runtime_engine', 'Engine')] : []),
    texts('pod_annotations', 'PodAnnotations'),
    texts('container_annotations', 'ContainerAnnotations'),
    ...(isVersion1 ? [text('runtime_root', 'Root')] : []),
    section('options', 'Options', mapOfAnything),
    flag('privileged_without_host_devices', 'PrivilegedWithoutHostDevices'),
    flag(
      'privileged_without_host_devices_all_devices_allowed',
      'PrivilegedWithoutHostDevicesAllDevicesAllowed',
      since17,
    ),
    flag('cgroup_writable', 'CgroupWritable', since21),
    text('base_runtime_spec', 'BaseRuntimeSpec'),
    text('cni_conf_dir', 'NetworkPluginConfDir', since16),
    count('cni_max_conf_num', 'NetworkPluginMaxConfNum', since16),
    text('snapshotter', 'Snapshotter', since17),
    ...(isVersion1
      ? [text('sandbox_mode', 'SandboxMode', since17)]
      : [text('sandboxer', 'Sandboxer'), text('io_type', 'IOType')]),
  ]);

const containerd = (isVersion1: boolean) =>
  struct('ContainerdConfig', [
    ...(isVersion1 ? [text('snapshotter', 'Snapshotter')] : []),
    text('default_runtime_name', 'DefaultRuntimeName'),
    ...(isVersion1
      ? [
          section('default_runtime', 'DefaultRuntime', runtime(true)),
          section('untrusted_workload_runtime', 'UntrustedWorkloadRuntime', runtime(true)),
        ]
      : []),
    section('runtimes', 'Runtimes', mapOf(runtime(isVersion1))),
    ...(isVersion1
      ? [
          flag('no_pivot', 'NoPivot'),
          flag('disable_snapshot_annotations', 'DisableSnapshotAnnotations'),
          flag('discard_unpacked_layers', 'DiscardUnpackedLayers'),
        ]
      : []),
    flag('ignore_blockio_not_enabled_errors', 'IgnoreBlockIONotEnabledErrors', since17),
    flag('ignore_rdt_not_enabled_errors', 'IgnoreRdtNotEnabledErrors', since16),
  ]);

const streaming = [
  flag('disable_tcp_service', 'DisableTCPService'),
  text('stream_server_address', 'StreamServerAddress'),
  text('stream_server_port', 'StreamServerPort'),
  text('stream_idle_timeout', 'StreamIdleTimeout'),
];

const encryptedStreaming = [
  flag('enable_tls_streaming', 'EnableTLSStreaming'),
  section('x509_key_pair_streaming', 'X509KeyPairStreaming', keyPair),
];

/** What 1.x and the runtime plugin of 2.x have in common. */
const podSettings = [
  count('max_container_log_line_size', 'MaxContainerLogLineSize'),
  flag('disable_apparmor', 'DisableApparmor'),
  flag('restrict_oom_score_adj', 'RestrictOOMScoreAdj'),
  flag('disable_proc_mount', 'DisableProcMount'),
  text('unset_seccomp_profile', 'UnsetSeccompProfile'),
  flag('tolerate_missing_hugetlb_controller', 'TolerateMissingHugetlbController'),
  flag('disable_hugetlb_controller', 'DisableHugetlbController'),
  flag('device_ownership_from_security_context', 'DeviceOwnershipFromSecurityContext', since16),
  flag('ignore_image_defined_volumes', 'IgnoreImageDefinedVolumes'),
  flag('netns_mounts_under_state_dir', 'NetNSMountsUnderStateDir'),
  flag('enable_unprivileged_ports', 'EnableUnprivilegedPorts', since16),
  flag('enable_unprivileged_icmp', 'EnableUnprivilegedICMP', since16),
  flag('enable_cdi', 'EnableCDI', since17),
  texts('cdi_spec_dirs', 'CDISpecDirs', since17),
  text('drain_exec_sync_io_timeout', 'DrainExecSyncIOTimeout', [
    { line: '1.6', from: 29 },
    { line: '1.7', from: 0 },
  ]),
  texts('ignore_deprecation_warnings', 'IgnoreDeprecationWarnings', [
    { line: '1.6', from: 29 },
    { line: '1.7', from: 14 },
    { line: '2.0', from: 0 },
  ]),
];

/** The CRI plugin of 1.x. */
export const pluginConfig = struct('PluginConfig', [
  section('containerd', 'ContainerdConfig', containerd(true)),
  section('cni', 'CniConfig', cni),
  section('registry', 'Registry', registry(true)),
  section('image_decryption', 'ImageDecryption', imageDecryption),
  ...streaming,
  flag('enable_selinux', 'EnableSelinux'),
  count('selinux_category_range', 'SelinuxCategoryRange'),
  text('sandbox_image', 'SandboxImage'),
  count('stats_collect_period', 'StatsCollectPeriod'),
  flag('systemd_cgroup', 'SystemdCgroup'),
  ...encryptedStreaming,
  flag('disable_cgroup', 'DisableCgroup'),
  count('max_concurrent_downloads', 'MaxConcurrentDownloads'),
  text('image_pull_progress_timeout', 'ImagePullProgressTimeout', since17),
  flag('image_pull_with_sync_fs', 'ImagePullWithSyncFs', [{ line: '1.7', from: 14 }]),
  ...podSettings,
]);

/** The image plugin of 2.x. */
export const imageConfig = struct('ImageConfig', [
  text('snapshotter', 'Snapshotter'),
  flag('disable_snapshot_annotations', 'DisableSnapshotAnnotations'),
  flag('discard_unpacked_layers', 'DiscardUnpackedLayers'),
  section('pinned_images', 'PinnedImages', mapOfText),
  section(
    'runtime_platforms',
    'RuntimePlatforms',
    mapOf(struct('ImagePlatform', [text('platform', 'Platform'), text('snapshotter', 'Snapshotter')])),
  ),
  section('registry', 'Registry', registry(false)),
  section('image_decryption', 'ImageDecryption', imageDecryption),
  count('max_concurrent_downloads', 'MaxConcurrentDownloads'),
  count('concurrent_layer_fetch_buffer', 'ConcurrentLayerFetchBuffer', since21),
  text('image_pull_progress_timeout', 'ImagePullProgressTimeout'),
  flag('image_pull_with_sync_fs', 'ImagePullWithSyncFs'),
  count('stats_collect_period', 'StatsCollectPeriod'),
  flag('use_local_image_pull', 'UseLocalImagePull', since21),
]);

/** The runtime plugin of 2.x. */
export const runtimeConfig = struct('RuntimeConfig', [
  section('containerd', 'ContainerdConfig', containerd(false)),
  section('cni', 'CniConfig', cni),
  flag('enable_selinux', 'EnableSelinux'),
  count('selinux_category_range', 'SelinuxCategoryRange'),
  ...podSettings,
  flag('enable_criu', 'EnableCRIU', latestOf22),
  flag('enable_experimental_restore_via_create', 'EnableExperimentalRestoreViaCreate', latestOf22),
  text('stats_collect_period', 'StatsCollectPeriod', since23),
  text('stats_retention_period', 'StatsRetentionPeriod', since23),
]);

/** The CRI server of 2.x. */
export const serverConfig = struct('ServerConfig', [...streaming, ...encryptedStreaming]);
