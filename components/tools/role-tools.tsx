'use client';

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ToolName } from '../../server/domain/roles/role-body.ts';
import { endingTool } from '../../server/domain/tools/role-tools.ts';
import { toolGroups } from '../../server/domain/tools/tool-words.ts';
import type { RoleToolsView } from '../../server/domain/views/tool-views.ts';
import { PutBeforeOthers } from '../policy/put-before-others.tsx';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { DialogEnd } from '../ui/dialog-end.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { Notice } from '../ui/notice.tsx';

type Props = { org: string; role: RoleToolsView; servers: string[]; mayChange: boolean };

type TickProps = { name: string; on: boolean; disabled?: boolean; isNew?: boolean; onChange: (on: boolean) => void };

function Tick({ name, on, disabled, isNew, onChange }: TickProps) {
  return (
    <label className="flex min-h-7 items-center gap-2 pointer-coarse:min-h-11">
      <input
        type="checkbox"
        className="size-4 shrink-0 accent-accent-fill"
        checked={on}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span className="font-mono text-sm">{name}</span>
      {isNew && <span className="text-sm text-ink-3">off</span>}
    </label>
  );
}

const toggled = <T,>(list: readonly T[], entry: T, on: boolean) =>
  on ? [...list, entry] : list.filter((each) => each !== entry);

type Choosing<T> = { chosen: T[]; onChoose: (chosen: T[]) => void };

function ToolTicks({ role, chosen, onChoose }: { role: RoleToolsView } & Choosing<ToolName>) {
  return toolGroups([...role.tools, ...role.off]).map(({ does, within, tools }) => (
    <fieldset key={`${does} ${within}`}>
      <legend className="pb-1 text-sm font-medium">
        {does} <span className="font-normal text-ink-3">({within})</span>
      </legend>
      <div className="grid grid-cols-1 gap-x-4 sm:grid-cols-2">
        {tools.map((tool) => (
          <Tick
            key={tool}
            name={tool}
            on={chosen.includes(tool)}
            disabled={tool === endingTool(role.contract)}
            isNew={role.off.includes(tool)}
            onChange={(on) => onChoose(toggled(chosen, tool, on))}
          />
        ))}
      </div>
    </fieldset>
  ));
}

function ServerTicks({ servers, chosen, onChoose }: { servers: string[] } & Choosing<string>) {
  return (
    <fieldset>
      <legend className="pb-1 text-sm font-medium">MCP servers</legend>
      {servers.length === 0 && <p className="text-sm text-ink-3">There is none in this org yet.</p>}
      {servers.map((name) => (
        <Tick
          key={name}
          name={name}
          on={chosen.includes(name)}
          onChange={(on) => onChoose(toggled(chosen, name, on))}
        />
      ))}
    </fieldset>
  );
}

function ChangeRole({ org, role, servers, onClose }: Omit<Props, 'mayChange'> & { onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [tools, setTools] = useState<ToolName[]>(role.tools);
  const [named, setNamed] = useState(role.servers.filter((name) => servers.includes(name)));
  const save = useMutation(
    trpc.tools.changeRole.mutationOptions({
      onSuccess: async (saved) => {
        if (!('approvalId' in saved)) onClose();
        await queryClient.invalidateQueries();
      },
    }),
  );
  const send = () => save.mutate({ org, role: role.name, version: role.version, tools, servers: named });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={`Tools of ${role.title}`}
      description="Runs that begin from now on have what is ticked. Those that are under way lose what you take away and get nothing new."
    >
      <div className="flex flex-col gap-4">
        <ToolTicks role={role} chosen={tools} onChoose={setTools} />
        <ServerTicks servers={servers} chosen={named} onChoose={setNamed} />
        {save.error && <Notice look="bad">{errorText(save.error)}</Notice>}
        <PutBeforeOthers org={org} saved={save.data} />
        <DialogEnd>
          <Button look="primary" busy={save.isPending} onClick={send}>
            Save a new version
          </Button>
        </DialogEnd>
      </div>
    </Dialog>
  );
}

/** A role's tools and servers in two lines; new tools of the platform are off until somebody turns them on. */
export function RoleTools({ org, role, servers, mayChange }: Props) {
  const [open, setOpen] = useState(false);
  const { title, version, tools, off, servers: named } = role;
  return (
    <article
      aria-label={title}
      className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 border-t border-line pt-3 first-of-type:border-0 first-of-type:pt-0"
    >
      <div className="min-w-0 flex-1 basis-60">
        <h3 className="font-medium foreign">
          {title} <span className="text-sm font-normal text-ink-3">version {version}</span>
        </h3>
        <p className="text-sm text-ink-2">
          {plural(tools.length, 'tool')}
          {named.length > 0 && (
            <>
              {' '}
              and those of <span className="font-mono">{named.join(', ')}</span>
            </>
          )}
        </p>
        {off.length > 0 && (
          <p className="text-sm text-ink-3">
            Off: <span className="font-mono">{off.join(', ')}</span>
          </p>
        )}
      </div>
      {mayChange && (
        <Button aria-label={`Change the tools of ${title}`} onClick={() => setOpen(true)}>
          Change
        </Button>
      )}
      {open && <ChangeRole {...{ org, role, servers }} onClose={() => setOpen(false)} />}
    </article>
  );
}
