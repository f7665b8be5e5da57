import { isGone } from '../../docker/engine-fault.ts';
import type { Engine } from '../../docker/engine.ts';
import type { Machine } from '../machine.ts';

/** A container that may do what a virtual machine's root may, with a terminal, as a machine. */
export async function containerMachine(engine: Engine, image: string): Promise<Machine> {
  const { id } = await engine.call('make a machine', (docker) =>
    docker.createContainer({
      Image: image,
      Cmd: ['/bin/bash', '--noprofile', '--norc'],
      ...{ Tty: true, OpenStdin: true, AttachStdin: true, AttachStdout: true, User: '0:0' },
      HostConfig: { Privileged: true, NetworkMode: 'none' },
    }),
  );
  const stream = await engine.attach(id);
  stream.on('error', () => stream.destroy());
  await engine.call('start a machine', (docker) => docker.getContainer(id).start());
  const ended = new Promise<void>((resolve) => stream.once('end', () => resolve()).once('close', () => resolve()));
  return {
    send: (bytes) =>
      new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve()))),
    hear: (take) => void stream.on('data', take),
    ended,
    close: async () => {
      stream.destroy();
      await engine
        .call('end a machine', (docker) => docker.getContainer(id).remove({ force: true, v: true }))
        .catch((error: unknown) => {
          if (!isGone(error)) throw error;
        });
    },
  };
}
