export type Mail = { to: string; subject: string; text: string };

/** Delivers one mail or throws AppError `unavailable`. Not idempotent: callers hold an outbound row first. */
export type Mailer = {
  send(mail: Mail): Promise<void>;
};
