const LOOPBACK_NAME = /^(localhost|127(\.\d{1,3}){3}|\[::1\]|::1)$/i;

/** Whether nobody but this machine reaches a host. */
export function isLoopback(host: string): boolean {
  return LOOPBACK_NAME.test(host);
}
