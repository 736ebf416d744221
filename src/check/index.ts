import type { Check } from './check.ts';
import { clientCertificate } from './rules/clientCertificate.ts';
import { clusterIpChanged } from './rules/clusterIpChanged.ts';
import { clusterServiceName } from './rules/clusterServiceName.ts';
import { configIgnored } from './rules/configIgnored.ts';
import { configPathList } from './rules/configPathList.ts';
import { configRefused } from './rules/configRefused.ts';
import { configsKey } from './rules/configsKey.ts';
import { defaultDirectory } from './rules/defaultDirectory.ts';
import { dockerConfigs } from './rules/dockerConfigs.ts';
import { dockerMirrors } from './rules/dockerMirrors.ts';
import { duplicateEndpoint } from './rules/duplicateEndpoint.ts';
import { duplicateKey } from './rules/duplicateKey.ts';
import { endpointPath } from './rules/endpointPath.ts';
import { endpointWithoutScheme } from './rules/endpointWithoutScheme.ts';
import { hostsFileCrash } from './rules/hostsFileCrash.ts';
import { hostsFileDropped } from './rules/hostsFileDropped.ts';
import { hostsFileHost } from './rules/hostsFileHost.ts';
import { hostsFileKey } from './rules/hostsFileKey.ts';
import { hostsFilePath } from './rules/hostsFilePath.ts';
import { httpBySkipVerify } from './rules/httpBySkipVerify.ts';
import { ignoreComment } from './rules/ignoreComment.ts';
import { inlineTls } from './rules/inlineTls.ts';
import { invalidAuth } from './rules/invalidAuth.ts';
import { invalidEndpoint } from './rules/invalidEndpoint.ts';
import { invalidNode } from './rules/invalidNode.ts';
import { invalidReference } from './rules/invalidReference.ts';
import { leavesMirrors } from './rules/leavesMirrors.ts';
import { literalSecret } from './rules/literalSecret.ts';
import { manifestSyntax } from './rules/manifestSyntax.ts';
import { mirrorKey } from './rules/mirrorKey.ts';
import { mutableTag } from './rules/mutableTag.ts';
import { nodeDrift } from './rules/nodeDrift.ts';
import { notBuilt } from './rules/notBuilt.ts';
import { notRendered } from './rules/notRendered.ts';
import { pullSecret } from './rules/pullSecret.ts';
import { registriesSyntax } from './rules/registriesSyntax.ts';
import { rewrites } from './rules/rewrites.ts';
import { unconfiguredRegistry } from './rules/unconfiguredRegistry.ts';
import { unemulatedRuntime } from './rules/unemulatedRuntime.ts';
import { unknownKey } from './rules/unknownKey.ts';
import { unreadableFile } from './rules/unreadableFile.ts';
import { unresolvedImage } from './rules/unresolvedImage.ts';
import { unusedIgnore } from './rules/unusedIgnore.ts';
import { unusedImageRule } from './rules/unusedImageRule.ts';
import { wrongValue } from './rules/wrongValue.ts';

/** Every check, by id. A new one is a file in `rules/` and two lines here. */
export const checks: readonly Check[] = [
  clientCertificate,
  clusterIpChanged,
  clusterServiceName,
  configIgnored,
  configPathList,
  configRefused,
  configsKey,
  defaultDirectory,
  dockerConfigs,
  dockerMirrors,
  duplicateEndpoint,
  duplicateKey,
  endpointPath,
  endpointWithoutScheme,
  hostsFileCrash,
  hostsFileDropped,
  hostsFileHost,
  hostsFileKey,
  hostsFilePath,
  httpBySkipVerify,
  ignoreComment,
  inlineTls,
  invalidAuth,
  invalidEndpoint,
  invalidNode,
  invalidReference,
  leavesMirrors,
  literalSecret,
  manifestSyntax,
  mirrorKey,
  mutableTag,
  nodeDrift,
  notBuilt,
  notRendered,
  pullSecret,
  registriesSyntax,
  rewrites,
  unconfiguredRegistry,
  unemulatedRuntime,
  unknownKey,
  unreadableFile,
  unresolvedImage,
  unusedIgnore,
  unusedImageRule,
  wrongValue,
];
