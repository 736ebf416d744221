import type { NodePull } from '../plan.ts';

/** True for the image of Pod sandboxes, which containerd pulls by itself and no kubelet asks for. */
export function isSandbox({ uses }: NodePull): boolean {
  return uses.length > 0 && uses.every(({ from }) => from === 'sandbox');
}

/** True where a kubelet pulls the image. */
export function isForPods(pull: NodePull): boolean {
  return !isSandbox(pull);
}

/** True where crictl pulls as the kubelet does: the logins of Pods are for kubelets to bring. */
export function isForCrictl({ secrets }: NodePull): boolean {
  return secrets.length === 0;
}
