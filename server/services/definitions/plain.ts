type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A document as JSON has it: what is undefined is not there. */
export const plain = (body: object) => JSON.parse(JSON.stringify(body)) as { [key: string]: Json };
