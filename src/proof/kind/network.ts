import type { KindRun } from './runs.ts';
import { ToolError, type Tools } from './tools.ts';

/** The network of a run's cluster, as Docker made it. */
export interface ClusterNetwork {
  /** As `172.18.0.0/16`. */
  readonly subnet: string;
  /** The address of the machine that Docker runs on, seen from the network. */
  readonly gateway: string;
  /** The addresses of containers by their names. */
  readonly addresses: ReadonlyMap<string, string>;
}

export async function createNetwork({ name, labels }: KindRun, tools: Tools): Promise<void> {
  await tools.call('docker', ['network', 'create', '--driver', 'bridge', ...labels, name]);
}

/** @throws ToolError where Docker says something else than it always did */
export async function inspectNetwork({ name }: KindRun, tools: Tools): Promise<ClusterNetwork> {
  const config = '{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}}{{"\\n"}}{{end}}';
  const containers = '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{"\\n"}}{{end}}';
  const format = ['--format', `${config}--\n${containers}`];
  const text = await tools.call('docker', ['network', 'inspect', ...format, name]);
  const [configs = '', members = ''] = text.split('--\n');
  const [, subnet, gateway] = /^(\d+\.\d+\.\d+\.\d+\/\d+) (\d+\.\d+\.\d+\.\d+)/m.exec(configs) ?? [];
  if (subnet === undefined || gateway === undefined)
    throw new ToolError(`the network ${name} has no addresses: ${text}`);
  const addresses = members.split('\n').map((line): [string, string] => {
    const [container = '', address = ''] = line.split(' ');
    return [container, address.replace(/\/\d+$/, '')];
  });
  return { subnet, gateway, addresses: new Map(addresses) };
}
