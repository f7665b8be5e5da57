import type { Engine } from '../engine.ts';

/** Answers on `PORT` with what the process is and may do. */
const program = `
import http.server, json, os, socketserver
def tries(path):
    try: open(path + '/x', 'w').close(); return True
    except OSError as error: return error.strerror
status = open('/proc/self/status').read()
said = json.dumps({
    'uid': os.getuid(), 'caps': [line.split()[1] for line in status.splitlines() if line.startswith('Cap')],
    'fresh': 'NoNewPrivs:\\t1' in status, 'writes': {path: tries(path) for path in ('/', '/usr', '/data', '/tmp')},
    'word': os.environ.get('WORD'), 'own': os.environ.get('OWN'),
}).encode()
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(said)
    def log_message(self, *_): pass
print('listening', flush=True)
socketserver.TCPServer.allow_reuse_address = True
http.server.HTTPServer(('127.0.0.1', int(os.environ['PORT'])), Handler).serve_forever()
`;

/** A service's image made of the sandbox's own, by name: it keeps what it writes in /data. */
export async function serviceImage(engine: Engine, image: string): Promise<string> {
  const [repo, tag] = ['localhost/fleet-test-service', 'v1'];
  const command = JSON.stringify(['python3', '-c', program]);
  const changes = [`CMD ${command}`, 'ENV OWN=of-the-image', 'VOLUME /data', 'USER root'];
  await engine.call('make the image of a test service', async (docker) => {
    const container = await docker.createContainer({
      Image: image,
      Cmd: ['true'],
      HostConfig: { NetworkMode: 'none' },
    });
    await container.commit({ repo, tag, changes });
    await container.remove({ force: true });
  });
  return `${repo}:${tag}`;
}
