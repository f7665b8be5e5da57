import { listUsers } from '../store/users.js';

/** GET /reports/signups: how many members joined in each month, oldest month first. */
export function signupReport() {
  const months = new Map();
  for (const { joined } of listUsers()) {
    const month = joined.slice(0, 7);
    months.set(month, (months.get(month) ?? 0) + 1);
  }
  const body = [...months].map(([month, members]) => ({ month, members }));
  return { body: body.sort((a, b) => a.month.localeCompare(b.month)) };
}
