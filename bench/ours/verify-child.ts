import { verify } from '../../cli/verify.ts';

// Verifies the log on its standard input and tells its parent what that took.

const silent = () => {};
const before = process.cpuUsage();
const code = await verify('-', { print: silent });
const { user, system } = process.cpuUsage(before);
process.send?.({ code, cpuSeconds: (user + system) / 1e6, peakMb: process.resourceUsage().maxRSS / 1024 });
process.disconnect?.();
