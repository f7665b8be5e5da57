'use client';

import { useQuery } from '@tanstack/react-query';
import { Plug, Plus } from 'lucide-react';
import { useState } from 'react';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useCan } from '../frame/use-org.ts';
import { useTRPC } from '../trpc/context.ts';
import { errorText } from '../trpc/error.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Notice } from '../ui/notice.tsx';
import { PageHeader, Section } from '../ui/section.tsx';
import { ListSkeleton } from '../ui/skeleton.tsx';
import { EditServer } from './edit-server.tsx';
import { McpServer } from './mcp-server.tsx';
import { RoleTools } from './role-tools.tsx';

const watchMs = 2_000;

/** Which tools each role has, and the MCP servers that bring more. */
export function ToolsPage({ org }: { org: string }) {
  const trpc = useTRPC();
  const [adding, setAdding] = useState(false);
  const mayChange = useCan(org, 'org:configure');
  const { data, error } = useQuery(
    trpc.tools.get.queryOptions(
      { org },
      {
        refetchInterval: ({ state }) => (state.data?.servers.some(({ askedAt }) => askedAt !== null) ? watchMs : false),
      },
    ),
  );
  if (error && !data) return <Notice look="bad">{errorText(error)}</Notice>;
  if (!data) return <ListSkeleton />;
  return (
    <Page>
      <Crumb label="Tools" />
      <PageHeader
        title="Tools"
        sub="What the agents of each role can call. A change makes a new version of the role: runs that begin from now on have it."
      />
      <Section title="Roles">
        {data.roles.length === 0 && <p className="text-ink-2">There is no role yet. Take the starter roles first.</p>}
        {data.roles.map((role) => (
          <RoleTools
            key={`${role.name} ${role.version}`}
            {...{ org, role, mayChange }}
            servers={data.servers.map(({ name }) => name)}
          />
        ))}
      </Section>
      <Section
        title="MCP servers"
        className="pt-4"
        aside={
          mayChange && (
            <Button size="small" onClick={() => setAdding(true)}>
              <Plus aria-hidden className="size-4" />
              Add a server
            </Button>
          )
        }
      >
        {data.servers.length === 0 && (
          <Empty icon={Plug} title="There is no MCP server yet">
            A server brings tools of its own, such as an issue tracker’s. A command runs in the sandbox of each run; an
            address is reached through its proxy.
          </Empty>
        )}
        {data.servers.map((server) => (
          <McpServer key={server.id} {...{ org, server, mayChange, waitsFor: data.waitsFor }} />
        ))}
        {!mayChange && <Notice>Owners and admins can change tools.</Notice>}
      </Section>
      {adding && <EditServer org={org} server={null} onClose={() => setAdding(false)} />}
    </Page>
  );
}
