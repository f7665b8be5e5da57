import type { Actor } from '../../server/domain/events/actor.ts';
import type { OrgEvent, OrgEventKind, OrgEventPayload } from '../../server/domain/events/org-events.ts';
import { opensInWords } from '../../server/domain/approval/request-words.ts';
import { duration, money, plural, shortHash } from '../ui/format.ts';

const words: { [K in OrgEventKind]: (payload: OrgEventPayload<K>) => string } = {
  'org.created': ({ name }) => `Org ${name} created`,
  'org.renamed': ({ from, to }) => `Org ${from} renamed to ${to}`,
  'org.deletion-requested': ({ dueAt }) => `Deletion of the org asked for, due on ${dueAt.slice(0, 10)}`,
  'org.deletion-undone': () => 'Deletion of the org undone',
  'org.deleted': ({ requestedAt }) => `Org deleted, as asked for on ${requestedAt.slice(0, 10)}`,
  'member.joined': ({ role, domain }) => `A member joined as ${role}${domain === undefined ? '' : `, by ${domain}`}`,
  'member.invited': ({ email, role }) => `${email} invited as ${role}`,
  'invitation.revoked': ({ email }) => `Invitation of ${email} revoked`,
  'member.role-changed': ({ from, to }) => `Role of a member changed from ${from} to ${to}`,
  'service-account.added': ({ name }) => `Service account ${name} added`,
  'service-account.retired': ({ name }) => `Service account ${name} retired`,
  'api-key.made': ({ prefix, scopes }) => `API key ${prefix}… made, with ${plural(scopes.length, 'right')}`,
  'api-key.revoked': ({ prefix }) => `API key ${prefix}… revoked`,
  'member.removed': ({ role }) => `A member who was ${role} left`,
  'session.ended': ({ count }) => `${plural(count, 'session')} of a member ended`,
  'identity.set': ({ provider, connected }) =>
    `${provider === 'github' ? 'GitHub' : 'Single sign-on'} ${connected ? 'connected to' : 'disconnected from'} a member’s account`,
  'filter.saved': ({ name }) => `Filter ${name} of the log saved`,
  'filter.removed': ({ name }) => `Filter ${name} of the log removed`,
  'sso.saved': ({ issuer }) => `Identity provider ${issuer} saved`,
  'sso.removed': ({ issuer }) => `Identity provider ${issuer} removed`,
  'sso.required': ({ required }) => `Single sign-on ${required ? 'required' : 'not required any more'}`,
  'sso.bypassed': ({ until }) => `An owner entered without single sign-on, until ${until}`,
  'domain.added': ({ domain }) => `Domain ${domain} added`,
  'domain.proven': ({ domain }) => `Domain ${domain} proven`,
  'domain.proof-seen': ({ domain, isThere }) => `Proof of ${domain} ${isThere ? 'back in' : 'gone from'} DNS`,
  'domain.removed': ({ domain }) => `Domain ${domain} removed`,
  'domain.join-set': ({ domain, joinAs }) =>
    joinAs === null ? `Nobody joins by ${domain} any more` : `People of ${domain} join as ${joinAs}`,
  'repo.connected': ({ name, source }) => `Repo ${name} connected (${source})`,
  'repo.configured': ({ name, testCommand }) => `Set-up of repo ${name} changed; tests: ${testCommand}`,
  'repo.classes-confirmed': ({ name, classes, version }) =>
    `Path classes of repo ${name} confirmed as version ${version}: ${classes
      .map(({ class: of, globs }) => `${of} ${globs.length === 0 ? 'as Fleet has it' : `with ${globs.join(' ')}`}`)
      .join('; ')}`,
  'environment.checked': ({ verdict, failedAt, commit }) =>
    `Environment ${verdict === 'passed' ? 'works' : `is broken at ${failedAt}`}${commit === '' ? '' : ` on ${shortHash(commit)}`}`,
  'starters.hired': ({ agents }) => `Starter roles taken: ${plural(agents.length, 'agent')} hired`,
  'policy.saved': ({ layer, version, note, restored, approvalId }) =>
    `Policy of the ${layer} ${approvalId === undefined ? 'saved' : 'approved'} as version ${version}${restored === null ? '' : `, which is version ${restored} again`}${note === '' ? '' : `: ${note}`}`,
  'proposal.found': ({ path, commit }) => `A repo proposes ${path} at ${shortHash(commit)}`,
  'proposal.gone': ({ path }) => `What a repo proposed by ${path} is not said there any more`,
  'proposal.accepted': ({ path, approvalId }) =>
    `What a repo proposes by ${path} ${approvalId === null ? 'accepted' : 'put before others'}`,
  'proposal.dismissed': ({ path, reason }) => `What a repo proposes by ${path} dismissed: ${reason}`,
  'policy.smoke-asked': ({ agent, repo }) => `Smoke test of what ${agent} may do in ${repo} asked for`,
  'policy.smoke-tried': ({ agent, repo, what, path, verdict, done }) =>
    `Smoke test: ${agent} in ${repo} ${what === 'read' ? 'reads' : 'writes'} ${path}: ${verdict.verdict} by ${verdict.rule}, ${done ? 'done' : 'not done'}`,
  'policy.smoke-failed': ({ agent, repo, problem }) =>
    `Smoke test of ${agent} in ${repo} could not be made: ${problem}`,
  'agent.retired': ({ name, openRuns }) =>
    `Agent ${name} retired${openRuns > 0 ? `, ${plural(openRuns, 'open run')} ended` : ''}`,
  'agent.reinstated': ({ name }) => `Agent ${name} works again`,
  'model-key.saved': ({ hint }) => `Model key ${hint} saved`,
  'model-key.removed': () => 'Model key removed',
  'secret.saved': ({ name, places, replaced }) =>
    `Secret ${name} ${replaced ? 'replaced' : 'saved'}; it may be sent to ${places.join(', ')}`,
  'secret.removed': ({ name }) => `Secret ${name} removed`,
  'mcp-server.saved': ({ name, place, replaced }) => `MCP server ${name} ${replaced ? 'changed' : 'added'}: ${place}`,
  'mcp-server.removed': ({ name }) => `MCP server ${name} removed`,
  'mcp-server.try-requested': ({ name }) => `MCP server ${name} to be tried`,
  'mcp-server.tried': ({ name, tools, problem }) =>
    `MCP server ${name} tried: ${problem ?? `it offers ${plural(tools, 'tool')}`}`,
  'mcp-server.tools-allowed': ({ name, tools }) =>
    `${plural(tools.length, 'tool')} of MCP server ${name} allowed${tools.length === 0 ? '' : `: ${tools.map((tool) => tool.name).join(', ')}`}`,
  'role.saved': ({ role, version, note, restored, approvalId }) =>
    `Role ${role} ${approvalId === undefined ? 'saved' : 'approved'} as version ${version}${restored === null ? '' : `, which is version ${restored} again`}: ${note}`,
  'role.added': ({ role, from, agent }) =>
    `Role ${role} added from ${from.kind === 'catalogue' ? 'the catalogue' : `the role ${from.name}`}; agent ${agent} hired`,
  'agent.hired': ({ agent, role }) => `Agent ${agent} hired into the role ${role}`,
  'agent.revised': ({ agent, revision, note, restored }) =>
    `Agent ${agent} set by revision ${revision}${restored === null ? '' : `, which is revision ${restored} again`}: ${note}`,
  'role.tools-changed': ({ role, version, tools, servers }) =>
    `Role ${role}, version ${version}: ${plural(tools.length, 'tool')}${servers.length === 0 ? '' : `, MCP servers ${servers.join(', ')}`}`,
  'model-connection.saved': ({ name, baseUrl }) => `Model provider ${name} connected at ${baseUrl}`,
  'model-connection.removed': ({ name }) => `Model provider ${name} removed`,
  'set-up.requested': ({ method, host, port, allowed, rule }) =>
    `A set-up’s request ${method} ${host}:${port} ${allowed ? 'let out' : 'refused'}: ${rule}`,
  'sandbox-account.saved': ({ baseUrl, template }) => `Sandboxes are made at ${baseUrl} of template ${template}`,
  'sandbox-account.removed': ({ baseUrl }) => `Account for sandboxes at ${baseUrl} removed`,
  'model.saved': ({ model }) => `Size and price of the model ${model} set`,
  'model.removed': ({ model }) => `What was set for the model ${model} taken back`,
  'model.chosen': ({ use, ref }) => `Model for ${use}: ${ref?.model ?? 'none of its own'}`,
  'task.created': ({ number, title }) => `Task #${number} filed: ${title}`,
  'pipeline-run.started': () => 'Pipeline run started',
  'pipeline-run.ended': ({ status, detail }) => `Pipeline run ${status}: ${detail}`,
  'stage.started': ({ stage, attempt }) => `Stage ${stage} started, attempt ${attempt}`,
  'stage.ended': ({ stage, attempt, status, reason }) =>
    `Stage ${stage}, attempt ${attempt}: ${status}${reason === status ? '' : ` (${reason.replaceAll('_', ' ')})`}`,
  'change.opened': ({ branch }) => `Change opened on ${branch}`,
  'change.moved': ({ to, files, added, removed }) =>
    `Change moved to ${shortHash(to)}: ${plural(files, 'file')}, +${added} −${removed}`,
  'change.merged': ({ target, merged }) => `Change merged into ${target} as ${shortHash(merged)}`,
  'change.merge-refused': ({ reason, detail }) => `Merge refused (${reason}): ${detail}`,
  'check.finished': ({ verdict, commit }) => `Check of ${shortHash(commit)}: ${verdict}`,
  'review.recorded': ({ verdict, findings }) => `Review: ${verdict.replace('_', ' ')}, ${plural(findings, 'finding')}`,
  'approval.requested': ({ approvalKind, about }) => `Approval asked for: ${about ?? approvalKind}`,
  'approval.decided': ({ verdict, via, selfApproved, rework }) =>
    `Decision: ${verdict} via ${via}${selfApproved ? ', self-approved' : ''}${rework ? ', sent back' : ''}`,
  'approval.closed': ({ status, reason }) => `Approval ${status}: ${reason}`,
  'grant.given': ({ allows }) => `Opened for a run: ${opensInWords(allows)}`,
  'run.delegated': ({ costLimitMicros }) => `A run asked for a helper, with ${money(costLimitMicros)} of its budget`,
  'run.stop-requested': ({ reason }) => `Stop of a run asked for: ${reason}`,
  'budget.warned': ({ dimension, level, period }) =>
    `${level} % of the budget of the ${dimension} used${period === 'total' ? '' : ` in ${period}`}`,
  'budget.set': ({ dimension }) => `Budget of the ${dimension} set`,
  'max-runs.set': ({ dimension, maxRuns }) => `Runs at once of the ${dimension} set to ${maxRuns}`,
  'budget-levels.set': ({ warnAt }) =>
    warnAt.length === 0 ? 'Warnings of budgets turned off' : `Budgets warn at ${warnAt.join(', ')} %`,
  'team.renamed': ({ from, to }) => `Team ${from} renamed to ${to}`,
  'team.removed': ({ name }) => `Team ${name} removed`,
  'team.member-set': ({ isIn }) => (isIn ? 'A member put into a team' : 'A member taken out of a team'),
  'team.added': ({ name }) => `Team ${name} added`,
  'team.assigned': ({ dimension, teamId }) => `A ${dimension} ${teamId === null ? 'left its team' : 'joined a team'}`,
  'budget.raised': ({ addMicros, addSeconds }) =>
    `Budget of a run raised by ${[addMicros > 0 ? money(addMicros) : '', addSeconds > 0 ? duration(addSeconds) : ''].filter(Boolean).join(' and ')}`,
  'run.steered': ({ text }) => `Message to a run: ${text}`,
  'run.retried': ({ turn, note }) => `Run started again from turn ${turn}${note === '' ? '' : `: ${note}`}`,
  'run.pause-requested': () => 'Pause of a run asked for',
  'run.resume-requested': () => 'Run resumed',
  'audit.exported': ({ events, form, filter = '', from = 0 }) =>
    `Log of ${plural(events, 'event')} exported as ${form}${filter === '' ? '' : `, filtered by ${filter}`}${from === 0 ? '' : `, from ${from} on`}`,
  'evidence.made': ({ words: of }) => `Evidence handed out: ${of}`,
  'audit.erased': ({ kind, seq, reason }) => `Payload of event ${seq} (${kind}) erased: ${reason}`,
  'retention.set': ({ kind, to }) => `${kind} kept ${to === null ? 'for ever' : `for ${plural(to, 'day')}`}`,
  'retention.swept': ({ kind, before, events, outputs }) =>
    `Erased by time: ${plural(events, 'event')} of ${kind} from before ${before.slice(0, 10)}${outputs === 0 ? '' : `, ${plural(outputs, 'whole output')}`}`,
  'webhook.saved': ({ place, replaced }) => `Webhook ${replaced ? 'changed' : 'added'}: ${place}`,
  'webhook.removed': ({ place }) => `Webhook removed: ${place}`,
  'webhook.secret-changed': ({ place }) => `New secret of the webhook ${place}`,
  'webhook.tested': ({ place }) => `Test message to the webhook ${place}`,
  'webhook.enabled': ({ place }) => `Webhook turned on: ${place}`,
  'webhook.disabled': ({ place, why, problem }) =>
    `Webhook turned off${why === 'person' ? '' : ' by Fleet'}: ${place}${problem === '' ? '' : `. ${problem}`}`,
  'webhook.resent': ({ place, messages }) => `${plural(messages, 'message')} sent once more to the webhook ${place}`,
  'webhook.discarded': ({ place, messages }) =>
    `${plural(messages, 'message')} to the webhook ${place} discarded that had been given up`,
  'webhook.queued': ({ place, events }) => `${plural(events, 'event')} handed to the webhook ${place}`,
  'hold.placed': ({ runId, reason }) => `Legal hold of ${runId === null ? 'the org' : 'a run'} placed: ${reason}`,
  'hold.lifted': ({ runId, reason }) => `Legal hold of ${runId === null ? 'the org' : 'a run'} lifted: ${reason}`,
  'audit.verified': ({ events, ok }) => `Log verified: ${plural(events, 'event')}, ${ok ? 'whole' : 'NOT whole'}`,
};

/** An event as one line. A kind this page does not know yet is named and nothing more. */
export function eventWords(kind: string, payload: unknown): string {
  if (!Object.hasOwn(words, kind)) return kind;
  return (words[kind as OrgEventKind] as (payload: OrgEvent['payload']) => string)(payload as OrgEvent['payload']);
}

export function actorWords({ actor, person }: { actor: Actor; person: string | null }): string {
  if (person !== null) return person;
  return actor.type === 'agent-run' ? `run ${actor.runId.slice(-6)}` : 'Fleet';
}
