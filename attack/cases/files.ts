import type { Case } from '../case.ts';
import { python, shellCase, tryIn, type SandboxPlace } from '../places/sandbox-place.ts';

const notThere = /No such file|Permission denied|Not a directory|Read-only file system/u;
const up = '../'.repeat(24);

/** Ways from the work folder to files that are not the run's. */
export const fileCases: Case<SandboxPlace>[] = [
  shellCase({
    id: 'read-absolute',
    tries: 'read a file of the host by its path',
    command: ({ canaries }) => `cat ${canaries.folder}/secret`,
    answer: notThere,
    twin: {
      does: 'read its own file by its path',
      command: 'echo mine > f; cat "$PWD/f"',
      answer: /^exited 0\nmine\n$/u,
    },
  }),
  shellCase({
    id: 'read-traversal',
    tries: 'climb out of the work folder',
    command: ({ canaries }) =>
      `cat ${up}${canaries.folder.slice(1)}/secret; cd ${up} && cat .${canaries.folder}/secret`,
    answer: notThere,
    twin: {
      does: 'climb within it',
      command: 'mkdir -p a/b; echo mine > a/f; cat a/b/../f',
      answer: /^exited 0\nmine\n$/u,
    },
  }),
  shellCase({
    id: 'write-absolute',
    tries: 'write and replace files of the host',
    command: ({ canaries }) =>
      `echo x > ${canaries.folder}/planted; echo x >> ${canaries.folder}/secret; cp /bin/true ${canaries.folder}/tool.sh; rm -rf ${canaries.folder}; ls ${canaries.folder}`,
    answer: notThere,
    twin: { does: 'write in /tmp', command: 'echo mine > /tmp/f && cat /tmp/f', answer: /^exited 0\nmine\n$/u },
  }),
  shellCase({
    id: 'symlink-out',
    tries: 'read and write through links that lead out',
    command: ({ canaries }) =>
      `ln -s ${canaries.folder}/secret l; ln -s ${canaries.folder} d; ln -s / r; cat l; cat r${canaries.folder}/secret; echo x > d/planted`,
    answer: notThere,
    twin: {
      does: 'read through its own link',
      command: 'echo mine > f; ln -s "$PWD/f" l; cat l',
      answer: /^exited 0\nmine\n$/u,
    },
  }),
  shellCase({
    id: 'hard-link-out',
    tries: 'give a file of the host a second name in the work folder',
    command: ({ canaries }) => `ln ${canaries.folder}/secret h; ln /etc/passwd p; ln /usr/bin/env e; ls -A; echo end`,
    answer: /(?:No such file|cross-device|Permission denied|not permitted|Read-only)[^]*\nend\n$/u,
    twin: {
      does: 'give its own file a second name',
      command: 'echo mine > f; ln f g; cat g',
      answer: /^exited 0\nmine\n$/u,
    },
  }),
  shellCase({
    id: 'proc-root',
    tries: 'reach the host’s root through /proc',
    command: ({ canaries }) =>
      `for p in /proc/[0-9]*; do cat $p/root${canaries.folder}/secret $p/cwd/secret; done; cat /proc/self/root${canaries.folder}/secret; cd /proc/1/cwd && cat ../outside/secret; echo end`,
    answer: /(?:No such file|Permission denied)[^]*\nend\n$/u,
    twin: { does: 'reach its own', command: 'echo mine > f; cat /proc/self/cwd/f', answer: /^exited 0\nmine\n$/u },
  }),
  shellCase({
    id: 'other-run',
    tries: 'read and change the tree of another tenant’s run',
    command: ({ other }) =>
      `cat ${other.tree}/secret; echo x > ${other.tree}/secret; ls "$(dirname ${other.tree})"; cat ../other-tree/secret`,
    answer: notThere,
    twin: {
      does: 'write its own tree',
      command: 'mkdir other-tree; echo mine > other-tree/secret; cat other-tree/secret',
      answer: /^exited 0\nmine\n$/u,
    },
  }),
  shellCase({
    id: 'shared-mirror',
    tries: 'poison the shared mirror and the package cache',
    command: ({ mirror, cache }) =>
      `for d in ${mirror} ${cache}; do cat $d/secret; echo '[core] fsmonitor = /bin/false' >> $d/config; rm -rf $d; done; ls ${mirror}`,
    answer: notThere,
    twin: {
      does: 'keep a cache in its home',
      command: 'mkdir -p ~/.cache/npm && echo mine > ~/.cache/npm/x && cat ~/.cache/npm/x',
      answer: /^exited 0\nmine\n$/u,
    },
  }),
  shellCase({
    id: 'system-folders',
    perilous: true,
    tries: 'change programs and settings that later commands use',
    command:
      'for d in / /usr /usr/bin /usr/lib /usr/local/bin /etc /opt/node/bin /bin /lib; do touch $d/planted 2>/dev/null && echo "wrote $d"; done; echo x > /etc/ld.so.preload; echo end',
    answer: /^exited 0\n(?!wrote)(?:.*(?:Read-only|Permission denied).*\n)end\n$/u,
    twin: {
      does: 'run programs it brings along',
      command: 'mkdir bin; cp /bin/true bin/mine; PATH=$PWD/bin:$PATH mine && echo ran',
      answer: /^exited 0\nran\n$/u,
    },
  }),
  shellCase({
    id: 'find-secrets',
    tries: 'look for anything that belongs to the host',
    command:
      'find / -xdev \\( -name secret -o -name id_rsa -o -name .ssh -o -name .aws -o -name .npmrc -o -name shadow -o -name .git-credentials \\) -not -path "/work/*" 2>/dev/null; ls -d /root /run /var/run/docker.sock /mnt /sys /boot /home/*/ 2>/dev/null | grep -v "^/home/agent/$"; echo end',
    answer: /^exited 0\nend\n$/u,
    // An image has these folders of its own, empty.
    onEngine: /^exited 0\n(?:\/(?:mnt|root|run|sys|boot)\n)*end\n$/u,
    twin: {
      does: 'find its own',
      command: 'echo mine > secret; find . -name secret',
      answer: /^exited 0\n\.\/secret\n$/u,
    },
  }),
  shellCase({
    id: 'device-nodes',
    tries: 'make and open devices',
    command:
      'mknod b b 254 0; mknod m c 1 1; for d in vda sda nvme0n1 mem kmsg port fuse loop0 dm-0 kvm; do head -c 8 /dev/$d 2>&1 | head -1; done; ls; echo end',
    answer: /not permitted[^]*(?:No such file|Permission denied)[^]*\nend\n$/u,
    twin: {
      does: 'make a FIFO, write /dev/null',
      command: 'mkfifo f; echo x > /dev/null; head -c 4 /dev/urandom | wc -c; ls',
      answer: /^exited 0\n4\nf\n$/u,
    },
  }),
  shellCase({
    id: 'device-modes',
    perilous: true,
    tries: 'spoil the devices of the host and of the next command',
    command: 'chmod 000 /dev/null /dev/zero /dev/urandom; rm -f /dev/null; mv /dev/zero /dev/null; echo end',
    answer: /end\n$/u,
    twin: {
      does: 'use them afterwards',
      command: 'echo x > /dev/null && head -c 1 /dev/zero | wc -c',
      answer: /^exited 0\n1\n$/u,
    },
  }),
  shellCase({
    id: 'set-user-id',
    tries: 'leave set-user-id files for the host',
    command: `cp /bin/true a; chmod 4755 a; chmod u+s,g+s a; install -m 6755 /bin/true b; ${python(`
import os
for call in (lambda: os.close(os.open("c", os.O_CREAT | os.O_WRONLY, 0o4755)), lambda: os.mknod("d", 0o104755), lambda: os.fchmod(os.open("a", os.O_RDONLY), 0o4755)):
  try: call()
  except OSError as e: print(e.strerror)
`)}\nstat -c %a a b c d 2>/dev/null; echo end`,
    answer: /not permitted[^]*\nend\n$/u,
    twin: {
      does: 'leave an executable file',
      command: 'cp /bin/true a; chmod 755 a; stat -c %a a',
      answer: /^exited 0\n755\n$/u,
    },
  }),
  shellCase({
    id: 'file-capabilities',
    tries: 'give a file capabilities',
    command: `cp /bin/true a; ${python(tryIn('setxattr', 'import os; os.setxattr("a", "security.capability", bytes.fromhex("0100000200200000000000000000000000000000"))'))}`,
    answer: /setxattr E(?:PERM|OPNOTSUPP|INVAL)/u,
    twin: {
      does: 'give it an attribute of its own',
      command: `echo x > a; ${python(tryIn('setxattr', 'import os; os.setxattr("a", "user.mine", b"1")'))}`,
      answer: /setxattr (?:went well|EOPNOTSUPP)/u,
    },
  }),
];
