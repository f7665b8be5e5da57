import { registryNames } from '../../server/domain/network/registries.ts';
import type { RoleEdit } from '../../server/domain/roles/role-edit.ts';

/** A role's fields as people type them: lists one entry a line. */
export type RoleForm = {
  title: string;
  purpose: string;
  rules: string;
  include: string;
  exclude: string;
  registries: string;
  hosts: string;
  tier: RoleEdit['tier'];
  minutes: string;
  dollars: string;
};

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A rule of the network that is more than a host at its usual port; it is kept and not shown as a line. */
const isPlain = ({ ports, methods, paths }: RoleEdit['network']['rules'][number]) =>
  ports.length === 1 && ports[0] === 443 && methods === undefined && paths === undefined;

export function formOf(edit: RoleEdit): RoleForm {
  const { title, purpose, rules, write, network, tier, secondsLimit, costLimitMicros } = edit;
  return {
    ...{ title, purpose, tier },
    rules: rules.join('\n'),
    include: write.include.join('\n'),
    exclude: write.exclude.join('\n'),
    registries: network.registries.join('\n'),
    hosts: network.rules
      .filter(isPlain)
      .map(({ host }) => host)
      .join('\n'),
    minutes: String(secondsLimit / 60),
    dollars: String(costLimitMicros / 1_000_000),
  };
}

/** The edit that a form says; what is no number or no registry is refused by the server with its name. */
export function editOfForm(form: RoleForm, before: RoleEdit): RoleEdit {
  const { title, purpose, tier } = form;
  const known = lines(form.registries).filter((name): name is (typeof registryNames)[number] =>
    (registryNames as readonly string[]).includes(name),
  );
  const plain = lines(form.hosts).map((host) => ({ host, ports: [443] }));
  return {
    ...{ title, purpose, tier },
    rules: lines(form.rules),
    write: { include: lines(form.include), exclude: lines(form.exclude) },
    network: { registries: known, rules: [...before.network.rules.filter((rule) => !isPlain(rule)), ...plain] },
    secondsLimit: Math.round(Number(form.minutes) * 60),
    costLimitMicros: Math.round(Number(form.dollars) * 1_000_000),
  };
}

/** Registries that Fleet does not know; null where it knows all. */
export function unknownRegistry(form: RoleForm): string | null {
  return lines(form.registries).find((name) => !(registryNames as readonly string[]).includes(name)) ?? null;
}
