import { once } from 'node:events';
import { createServer, request } from 'node:http';

export interface PathProxy {
  /** Without a slash at its end. */
  origin: string;
  /** Paths that were asked for outside of the one that is handed on, with the cookies that came with them. */
  elsewhere: { path: string; cookie: string | null }[];
  close(): Promise<void>;
}

/** A host that has something of this machine under a path, as a reverse proxy would; `strips`: what is behind it is asked without that path. */
export async function startPathProxy(path: string, upstream: string, strips: boolean): Promise<PathProxy> {
  const elsewhere: PathProxy['elsewhere'] = [];
  const { hostname, port } = new URL(upstream);
  const server = createServer((asked, answered) => {
    const { url = '/', method, headers } = asked;
    if (url !== path && !url.startsWith(`${path}/`)) {
      elsewhere.push({ path: url, cookie: headers.cookie ?? null });
      answered.writeHead(200, { 'content-type': 'text/html' }).end('<title>another</title>');
      return;
    }
    const handed = strips ? url.slice(path.length) || '/' : url;
    const onward = request({ hostname, port, path: handed, method, headers }, (answer) => {
      answered.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(answered);
    });
    onward.on('error', () => answered.destroy());
    asked.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    elsewhere,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
