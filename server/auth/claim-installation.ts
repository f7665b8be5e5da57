import type { SystemDb } from '../db/connect.ts';

/** Makes `userId` the operator if the installation has none yet; an operator is never replaced here. */
export async function claimInstallation(system: SystemDb, userId: string): Promise<void> {
  await system.installation.createMany({ data: [{ id: 1 }], skipDuplicates: true });
  await system.installation.updateMany({ where: { id: 1, operatorUserId: null }, data: { operatorUserId: userId } });
}

/** Whether `userId` runs this installation; read per request. */
export async function isOperator(system: SystemDb, userId: string): Promise<boolean> {
  const installation = await system.installation.findUnique({ where: { id: 1 } });
  return installation !== null && installation.operatorUserId === userId;
}
