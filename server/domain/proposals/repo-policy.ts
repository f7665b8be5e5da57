import { policyDocument } from '../policy/document.ts';

const ofOrgs = ['changes', 'approval'] as const;

/** The rules of a repo, as its own file has them: who may change and approve them is the org's to say. */
export const repoPolicy = policyDocument.superRefine((document, context) => {
  for (const key of ofOrgs) {
    if (document[key] === undefined) continue;
    const message = `\`${key}\` belongs to the policy of the org: a repo cannot say it.`;
    context.addIssue({ code: 'custom', path: [key], message });
  }
});
