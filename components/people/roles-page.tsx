'use client';

import { Check, Minus } from 'lucide-react';
import { can, orgRoles, type Scope } from '../../server/domain/authz/scopes.ts';
import { Crumb } from '../frame/crumb.tsx';
import { Page } from '../frame/page.tsx';
import { useOrg } from '../frame/use-org.ts';
import { PageHeader, Section } from '../ui/section.tsx';
import { roleWords, scopeWords } from './role-words.ts';

const scopes = Object.keys(scopeWords) as Scope[];

/** The table that the server decides by, shown as it is. */
export function RolesPage({ org }: { org: string }) {
  const own = useOrg(org)?.role;
  return (
    <Page>
      <Crumb label="Roles" />
      <PageHeader title="Roles" sub="What each role may do. The server decides every request by this very table." />
      <Section title="The six roles">
        <ul className="grid gap-x-8 gap-y-2 sm:grid-cols-2">
          {orgRoles.map((role) => (
            <li key={role}>
              <b className="font-medium">{role}</b>
              {role === own && <span className="text-sm text-ink-3"> (yours)</span>}
              <span className="text-ink-2">: {roleWords[role]}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="What each may do">
        <div className="relative overflow-x-auto" role="region" aria-label="Rights of each role" tabIndex={0}>
          <table className="w-full text-sm sm:min-w-[640px]">
            <thead>
              <tr className="border-b border-line text-left">
                <th scope="col" className="py-2 pr-4 align-bottom font-medium">
                  Right
                </th>
                {orgRoles.map((role) => (
                  <th key={role} scope="col" className="px-1 py-2 text-center align-bottom font-medium sm:px-2">
                    <span className="inline-block max-sm:rotate-180 max-sm:[writing-mode:vertical-rl]">{role}</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {scopes.map((scope) => (
                <RightRow key={scope} scope={scope} />
              ))}
            </tbody>
          </table>
        </div>
      </Section>
    </Page>
  );
}

function RightRow({ scope }: { scope: Scope }) {
  return (
    <tr className="border-b border-line">
      <th scope="row" className="py-2 pr-4 text-left font-normal">
        {scopeWords[scope]} <span className="font-mono text-xs text-ink-3 max-sm:block">{scope}</span>
      </th>
      {orgRoles.map((role) => {
        const Icon = can(role, scope) ? Check : Minus;
        return (
          <td key={role} className="px-1 text-center sm:px-2">
            <Icon aria-hidden className={`inline size-4 ${can(role, scope) ? 'text-good' : 'text-ink-3'}`} />
            <span className="sr-only">{can(role, scope) ? 'yes' : 'no'}</span>
          </td>
        );
      })}
    </tr>
  );
}
