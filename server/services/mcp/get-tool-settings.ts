import { z } from 'zod';
import type { OrgDb } from '../../db/connect.ts';
import { allowedTool, mcpLook, mcpTransport, type AllowedTool, type McpLook } from '../../domain/mcp/mcp-server.ts';
import { roleBody } from '../../domain/roles/role-body.ts';
import { toolsFor } from '../../domain/tools/role-tools.ts';
import { readWaitsFor } from '../policy/approval-rule.ts';
import type { McpServerView, McpToolView, RoleToolsView, ToolSettingsView } from '../../domain/views/tool-views.ts';

/** The org's MCP servers, and which tools each role has. */
export async function getToolSettings({ db, orgId }: { db: OrgDb; orgId: string }): Promise<ToolSettingsView> {
  const rows = await db.role.findMany({
    where: { orgId },
    include: { versions: { orderBy: { version: 'desc' }, take: 1 } },
    orderBy: { name: 'asc' },
  });
  const roles = rows.flatMap(({ name, versions }): RoleToolsView[] =>
    versions.map(({ version, body }) => {
      const { title, contract, tools, servers } = roleBody.parse(body);
      const off = toolsFor(contract).filter((tool) => !tools.includes(tool));
      return { name, title, version, contract, tools, off, servers };
    }),
  );
  const servers = await db.mcpServer.findMany({ where: { orgId }, orderBy: { name: 'asc' } });
  const waitsFor = await readWaitsFor(db, orgId, 'tools');
  return { roles, servers: servers.map((row) => viewOf(row, roles)), waitsFor };
}

type Row = Awaited<ReturnType<OrgDb['mcpServer']['findMany']>>[number];

function viewOf(row: Row, roles: readonly RoleToolsView[]): McpServerView {
  const { id, name, askedAt } = row;
  const seen = row.seen === null ? null : mcpLook.parse(row.seen);
  return {
    id,
    name,
    transport: mcpTransport.parse(row.transport),
    tools: toolViews(z.array(allowedTool).parse(row.tools), seen),
    seenAt: seen?.at ?? null,
    problem: seen?.problem ?? null,
    askedAt: askedAt?.toISOString() ?? null,
    roles: roles.filter(({ servers }) => servers.includes(name)).map(({ title }) => title),
  };
}

function toolViews(allowed: readonly AllowedTool[], seen: McpLook | null): McpToolView[] {
  const answered = seen !== null && seen.problem === null;
  const offered = (answered ? seen.tools : []).map(({ name, description, hash, risk, problem }): McpToolView => {
    const before = allowed.find((each) => each.name === name);
    const state = problem !== null ? 'unfit' : !before ? 'offered' : before.hash === hash ? 'allowed' : 'changed';
    return { name, description, hash, risk: before?.risk ?? risk, state, problem };
  });
  const others = allowed
    .filter(({ name }) => !offered.some((each) => each.name === name))
    .map(({ name, description, hash, risk }): McpToolView => {
      return { name, description, hash, risk, state: answered ? 'gone' : 'allowed', problem: null };
    });
  return [...offered, ...others].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
